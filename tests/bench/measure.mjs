// One measurement: a fresh server with a fresh directory on its core, a generator on the other, one line of figures.
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

import {syncTime} from './disk.mjs';
import {children, end, generate, isOpen, opens, quiet, serverCore, start, threadSeconds} from './machine.mjs';
import {commandOf, parley} from './peers.mjs';
import {scrape} from './scrape.mjs';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const quietSeconds = 3, runSeconds = 150;
let ports = 0;

const onPath = (name) =>
    process.env.PATH.split(delimiter).concat('/usr/sbin').some((folder) => existsSync(join(folder, name)));

// What `peer` needs and this machine has not.
export function lacks(peer, ground) {
    const known = (need) => need.replace('{bin}', ground.bin).replace('{parley}', ground.parley);
    return peer.needs.map(known).filter((need) => !(need.includes('/') ? existsSync(need) : onPath(need)));
}

async function withServer(name, peer, ground, act) {
    const run = join(ground.bin, 'run', name.replace(/\W+/g, '-'));
    rmSync(run, {recursive: true, force: true});
    mkdirSync(run, {recursive: true});
    const port = peer.port ?? 9800 + 2 * (ports++ % 90);
    const at = {bin: ground.bin, parley: ground.parley, run, port: `${port}`, conf: join(run, 'conf')};
    if (peer.conf) {
        const text = readFileSync(join(ground.tools, 'peers', peer.conf), 'utf8');
        writeFileSync(
            at.conf, text.replaceAll('@PORT@', port).replaceAll('@PORT2@', port + 1).replaceAll('@RUN@', run));
    }
    await quiet(quietSeconds);
    if (await isOpen(port)) throw new Error(`port ${port} is taken by someone else`);
    const server =
        start(peer.cores ?? serverCore, commandOf(peer, at), {cwd: run, env: peer.env, log: join(run, 'log')});
    try {
        await opens(port, server);
        await pause(300);
        return await act({port, pid: server.pid, pids: (peer.workers && children(server.pid)) || [server.pid]});
    } finally {
        await end(server);
        rmSync(join(run, 'data'), {recursive: true, force: true});
    }
}

function loadCommand(workload, peer, {port, pids}, ground) {
    const args = [...workload.args];
    if (!peer.rooms && args.includes('--rooms')) args.splice(args.indexOf('--rooms'), 2);
    const how = workload.echo ?
        {url: peer.echo, script: peer.echoScript ?? peer.script, template: peer.echoTemplate ?? peer.template} :
        peer;
    return [
        ground.wsload, '--json', '--url', `ws://127.0.0.1:${port}${how.url}`, '--server-pid', pids.join(','),
        '--server-core', serverCore, ...args, ...(how.script ?? []),
        ...(how.template && !workload.idle ? ['--template', how.template] : [])
    ];
}

// The figures that are used, of the many that wsload prints.
function figures(raw) {
    const {server, lat_us: latency, generator, slow, conns} = raw;
    return {
        cpu_us: server.cpu_us_per_delivery,
        deliveries_per_s: raw.deliveries_per_s,
        p50_ms: latency.p50 / 1000,
        p99_ms: latency.p99 / 1000,
        members: conns - (slow?.n ?? 0),
        lost: raw.lost,
        doubled: raw.dups,
        disordered: raw.out_of_order,
        closed: raw.closed,
        rss_per_conn: server.rss_per_conn,
        rss_peak: server.rss_peak,
        server_share: server.cpu_util,
        generator_share: generator.busy_share,
        others_share: Math.max(0, server.core_busy_s - server.cpu_s) / raw.wall_s,
        ...(slow && {
            slow_expected: slow.expected,
            slow_received: slow.received_after_resume,
            slow_closed: slow.closed_in_all,
            slow_members: slow.n
        })
    };
}

// CPU seconds of the busiest threads between two looks, the busiest first.
function busiest(before, after) {
    const earlier = new Map(before.map((one) => [one.tid, one.seconds]));
    return after.map((one) => one.seconds - (earlier.get(one.tid) ?? 0)).sort((a, b) => b - a).slice(0, 3);
}

export function load(name, peer, workload, ground) {
    return withServer(name, peer, ground, async (server) => {
        const before = threadSeconds(server.pid);
        const raw = await generate(loadCommand(workload, peer, server, ground), runSeconds);
        const threads = busiest(before, threadSeconds(server.pid));
        const counters = peer.metrics ? await scrape(server.port) : {};
        return {
            ...figures(raw),
            threads,
            ...(counters.commits && {
                refused: counters.refused,
                commit_ms: (1000 * counters.commit_seconds) / counters.commits,
                group: counters.commands / counters.commits
            })
        };
    });
}

export const idle = (ground) => withServer(
    'idle', parley(), ground, ({port, pid}) => generate(['node', beside('idle.mjs'), `${port}`, `${pid}`], runSeconds));

// `syncUs` is added to every sync of the disk; 0 leaves it as it is.
export function commits({clients, window, syncUs, spacing}, ground) {
    const shim = join(ground.bin, 'slow_sync.so');
    if (syncUs && !existsSync(shim)) throw new Error('the slow disk was not built');
    const peer = parley({spacing, env: syncUs ? {LD_PRELOAD: shim, SLOW_SYNC_US: `${syncUs}`} : {}});
    return withServer('commits', peer, ground, async ({port, pid}) => {
        const sync_ms = syncTime(ground.bin) + syncUs / 1000;
        const found =
            await generate(['node', beside('commits.mjs'), `${port}`, `${pid}`, `${clients}`, `${window}`], runSeconds);
        return {...found, sync_ms, sync_share: (found.commits_per_s * sync_ms) / 1000};
    });
}
