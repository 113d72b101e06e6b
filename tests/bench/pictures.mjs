// The four pictures of the results.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {bars, curves, figure, picture, spans} from './chart.mjs';
import {commitPoints} from './commit_points.mjs';
import {peers} from './peers.mjs';
import {lost} from './runs.mjs';
import {workloads} from './workloads.mjs';

const names = {
    parley: 'Parley',
    'parley-0': 'Parley, spacing 0',
    'limit-A': 'limit A',
    'limit-B': 'limit B',
    'limit-T20': 'limit T20',
    'seed-go-004': 'Go seed 004',
    'node-ws': 'ws (node)',
    nats: 'NATS'
};
const left = new Set(['parley-plain', 'parley-plain-0']);  // within some per cent of their twins
const kind = (peer) => peers[peer]?.group ?? 'peer';

const isWhole = (runs, workload, peer) => runs.of(workload, peer).every((one) => lost(one) <= 0 && !one.closed);
const floors =
    'Limits do the least that the kernel lets anyone do and are no chat servers. Parley keeps every message on disk before it ' +
    'is seen, the others keep none. † lost messages or connections. ';

function rows(runs, workload, read) {
    return runs.peers(workload)
        .filter((peer) => !left.has(peer) && runs.has(workload, peer))
        .map((peer) => ({
                 name: `${names[peer] ?? peer}${isWhole(runs, workload, peer) ? '' : ' †'}`,
                 kind: kind(peer),
                 ...read(peer)
             }));
}

const panels = (runs, among, draw) =>
    among.filter((workload) => runs.peers(workload).some((peer) => runs.has(workload, peer))).map(draw);

function cpu(runs, caption) {
    return {
        title: 'CPU time of the server for one message to one member',
        caption: floors + caption,
        columns: 2,
        panels: panels(
            runs, ['W1', 'W2', 'W3', 'W8'],
            (workload) => bars(
                `${workload}: ${workloads[workload].short}`,
                rows(runs, workload, (peer) => ({value: runs.median(workload, peer, 'cpu_us')}))
                    .sort((a, b) => a.value - b.value),
                'µs'))
    };
}

function latency(runs, caption) {
    return {
        title: 'From sent to seen: median and 99th percentile',
        caption: floors + caption,
        panels: panels(
            runs, ['W3', 'W8'],
            (workload) => spans(
                `${workload}: ${workloads[workload].about} (logarithmic)`,
                rows(
                    runs, workload,
                    (peer) =>
                        ({from: runs.median(workload, peer, 'p50_ms'), to: runs.median(workload, peer, 'p99_ms')}))
                    .sort((a, b) => a.to - b.to),
                'ms'))
    };
}

function memory(runs, caption) {
    const kib = (one) => one.rss_per_conn / 1024;
    const all = [
        ...rows(runs, 'W5', (peer) => ({value: runs.median('W5', peer, kib)})),
        ...rows(runs, 'idle', (peer) => ({value: runs.median('idle', peer, kib)}))
    ].sort((a, b) => a.value - b.value);
    return {
        title: 'Memory of an idle connection',
        caption,
        panels: all.length ?
            [bars('10,000 connections; Parley\'s are signed in, subscribed to one of 100 rooms', all, 'KiB')] :
            []
    };
}

function commits(runs, caption) {
    const measured = (point) => {
        const y = runs.median('commits', point.name, 'acks_per_s');
        return {x: runs.median('commits', point.name, 'group'), y, label: figure(y)};
    };
    // Where more in flight made the groups no larger, the most that they carried is drawn.
    const points = (disk) =>
        commitPoints.filter((point) => point.disk === disk && point.spacing === 0 && runs.has('commits', point.name))
            .map(measured)
            .sort((a, b) => a.x - b.x)
            .filter((one, i, all) => !all.some((other) => other.y > one.y && other.x < 1.15 * one.x));
    const drawn = [
        {name: 'own disk', kind: 'parley', points: points('own disk')},
        {name: '4 ms disk', kind: 'limit', points: points('4 ms disk')}
    ].filter((one) => one.points.length);
    return {
        title: 'Messages kept on disk and acknowledged',
        caption,
        panels: drawn.length ? [curves(drawn, {
            xTitle: 'messages in one commit, on average',
            yTitle: 'acknowledged messages a second, of one core (both axes logarithmic)'
        })] :
                               []
    };
}

// Gives the names of the files that it wrote; what was not measured is not drawn.
export function draw(runs, caption, folder) {
    return Object.entries({cpu, latency, memory, commits}).flatMap(([name, plan]) => {
        const planned = plan(runs, caption);
        if (!planned.panels.length) return [];
        writeFileSync(join(folder, `${name}.svg`), picture(planned));
        return [`${name}.svg`];
    });
}
