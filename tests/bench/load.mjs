// `make bench`: Parley and its peers on the same work in alternation; one table, one list of what was promised,
// pictures. From the environment: REPS, WORKLOADS=W1,idle, PEERS=parley,nats, BENCH_TOOLS, FROM=<a file of runs, only
// to show it again>.
import {appendFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

import {acceptance} from './acceptance.mjs';
import {commitPoints} from './commit_points.mjs';
import {isInMemory, syncTime} from './disk.mjs';
import {commits, idle, lacks, load} from './measure.mjs';
import {peers} from './peers.mjs';
import {draw} from './pictures.mjs';
import {Runs} from './runs.mjs';
import {acceptanceTable, medians, ratioTable, shortly} from './tables.mjs';
import {buildTools, versions} from './tools.mjs';
import {workloads} from './workloads.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fullReps = 5;
const reps = Number(process.env.REPS || fullReps);
const chosen = (name) => (process.env[name] ? process.env[name].split(',') : undefined);
const [onlyWorkloads, onlyPeers] = [chosen('WORKLOADS'), chosen('PEERS')];
const ground = {
    bin: join(root, 'build/bench'),
    parley: process.env.PARLEY_BINARY ?? join(root, 'build/release/parley'),
    tools: resolve(root, process.env.BENCH_TOOLS || '../shared/bench')
};
const say = (words) => console.log(`bench: ${words}`);

// Every measurement of one repetition, in the order in which they alternate.
function plan() {
    const jobs = [];
    for (const [name, workload] of Object.entries(workloads)) {
        if (!ground.wsload) continue;
        for (const peer of workload.peers)
            jobs.push(
                {workload: name, peer, reps: workload.reps, act: () => load(peer, peers[peer], workload, ground)});
    }
    jobs.push({workload: 'idle', peer: 'parley', act: () => idle(ground)});
    for (const point of commitPoints)
        jobs.push({workload: 'commits', peer: point.name, reps: point.reps, act: () => commits(point, ground)});
    return jobs.filter(
        (job) => (!onlyWorkloads || onlyWorkloads.includes(job.workload)) &&
            (!onlyPeers || !peers[job.peer] || onlyPeers.includes(job.peer)));
}

function withoutMissing(jobs) {
    const missing = new Map();
    for (const {peer} of jobs)
        if (peers[peer]) missing.set(peer, lacks(peers[peer], ground));
    for (const [peer, what] of missing)
        if (what.length)
            say(`${peer} is left out: there is no ${what.map((one) => one.replace(root, '')).join(', ')}`);
    return jobs.filter(({peer}) => !missing.get(peer)?.length);
}

// The figures, or why there are none: a peer that fails ends nothing.
async function attempted(act) {
    try {
        return await act();
    } catch (error) {
        return {error: error.message};
    }
}

async function measureAll(jobs, file) {
    const repetition = (rep) => jobs.filter((job) => rep < (job.reps ?? reps)).map((job) => ({...job, rep}));
    const all = Array.from({length: reps}, (_, rep) => repetition(rep)).flat(), lines = [], from = Date.now();
    for (const {workload, peer, rep, act} of all) {
        const line = {workload, peer, rep, ...await attempted(act)};
        lines.push(line);
        appendFileSync(file, `${JSON.stringify(line)}\n`);
        const left = ((Date.now() - from) / 60_000 / lines.length) * (all.length - lines.length);
        console.log(`[${lines.length}/${all.length}, ${left.toFixed(0)} min left] ${shortly(line)}`);
    }
    return lines;
}

function captionOf({at, reps: times, machine, disk, versions: of}) {
    const known = [['nats-server', of.nats], ['Go', of.go], ['node', of.node]].filter(([, version]) => version);
    const participants = [of.parley, ...known.map((one) => one.join(' ')), of.npm].join(', ');
    return [
        at, `medians of up to ${times} alternating runs, server on one core, load generator on another`,
        `${machine}, Linux ${of.kernel}; a sync of the disk takes ${disk.sync_ms.toFixed(2)} ms`, participants,
        'make bench (see tests/bench)'
    ].join(' · ');
}

async function measure() {
    ground.wsload = buildTools(ground.tools, ground.bin, say);
    const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
    const whole = reps >= fullReps && !onlyWorkloads && !onlyPeers && Boolean(ground.wsload);
    const context = {
        at,
        reps,
        whole,
        machine: `${cpus()[0].model}, ${cpus().length} cores`,
        versions: versions(root, ground.parley),
        disk: {sync_ms: syncTime(ground.bin), in_memory: isInMemory(ground.bin)}
    };
    say(`a sync of the disk takes ${context.disk.sync_ms.toFixed(2)} ms`);
    if (context.disk.in_memory) say('that disk is memory: what is said of commits is worth nothing');
    const file = join(ground.bin, `runs-${at.replace(/\W/g, '-')}.jsonl`);
    appendFileSync(file, `${JSON.stringify(context)}\n`);
    const jobs = withoutMissing(plan());
    if (!jobs.length) throw new Error('nothing of what was chosen can be measured');
    say(`${jobs.length} measurements, up to ${reps} times each; every one is kept in ${relative(root, file)}`);
    return {context, lines: await measureAll(jobs, file)};
}

function readAgain(file) {
    const [context, ...lines] = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    return {context, lines};
}

// FROM: a file of runs, to be shown again.
const {context, lines} = process.env.FROM ? readAgain(process.env.FROM) : await measure();
const runs = new Runs(lines), promised = acceptance(runs, context.disk);
const tables = `${ratioTable(runs)}\n\n${acceptanceTable(promised)}\n`;
console.log(`\n${tables}`);

// Quick looks do not touch what is kept in the repository.
const folder = context.whole ? join(root, 'tests/bench/results') : join(ground.bin, 'results');
mkdirSync(folder, {recursive: true});
const drawn = draw(runs, captionOf(context), folder);
writeFileSync(
    join(folder, 'summary.json'), `${JSON.stringify({...context, promised, medians: medians(runs)}, null, 1)}\n`);
writeFileSync(join(folder, 'tables.md'), `${captionOf(context)}\n\n\`\`\`\n${tables}\`\`\`\n`);
say(`${[...drawn, 'tables.md', 'summary.json'].join(', ')} in ${relative(root, folder)}`);
const failed = lines.filter((one) => one.error).length;
if (failed) say(`${failed} of ${lines.length} measurements failed; see above`);
process.exit(0);
