// What was promised, beside what was measured: rows of { line, what, value, limit, met, note }; what could not be
// measured has only the first two.
import {lost, median} from './runs.mjs';

const number = (value, digits = 2) => value.toLocaleString('en', {maximumFractionDigits: digits});

function row(line, what, value, limit, {unit = '', least = false, digits = 2, note = ''} = {}) {
    if (!Number.isFinite(value) || !Number.isFinite(limit)) return {line, what};
    return {
        line,
        what,
        value: `${number(value, digits)}${unit}`,
        limit: `${least ? 'at least' : 'at most'} ${number(limit, digits)}${unit}`,
        met: least ? value >= limit : value <= limit,
        note
    };
}

const cpuRow = (runs, line, workload, ours, theirs, limit) => row(
    line, `${workload} CPU: ${ours} / ${theirs}`, runs.ratio([workload, ours], [workload, theirs], 'cpu_us'), limit);

function* fanOut(runs) {
    for (const ours of ['parley', 'parley-0']) yield cpuRow(runs, 1, 'W1', ours, 'limit-A', 1.08);
    for (const ours of ['parley', 'parley-0']) {
        yield cpuRow(runs, 2, 'W2', ours, 'limit-B', 1.25);
        yield row(
            2, `W2 CPU: seed-go-004 / ${ours}`, runs.ratio(['W2', 'seed-go-004'], ['W2', ours], 'cpu_us'), 12,
            {least: true});
    }
    for (const workload of ['W1', 'W2'])
        for (const [plain, json] of [['parley-plain', 'parley'], ['parley-plain-0', 'parley-0']])
            yield cpuRow(runs, 2, workload, plain, json, 1.05);
}

// A message that the server refused was never taken: it is missing everywhere, and lost nowhere.
const refusedNote = (runs, workload, peer) =>
    `${runs.has(workload, peer) ? runs.sum(workload, peer, 'refused') : 0} messages refused`;

function* underLoad(runs, disk) {
    const faults = (one) => Math.max(0, lost(one)) + one.doubled + one.closed;
    yield row(
        3, 'W8 parley: lost, doubled or closed', runs.has('W8', 'parley') ? runs.sum('W8', 'parley', faults) : NaN, 0,
        {note: refusedNote(runs, 'W8', 'parley')});
    yield cpuRow(runs, 3, 'W8', 'parley', 'limit-T20', 1.25);
    yield row(
        3, 'W8 parley: p99', runs.median('W8', 'parley', 'p99_ms'), 40 + disk.sync_ms,
        {unit: ' ms', note: `the disk syncs in ${number(disk.sync_ms)} ms`});
    yield cpuRow(runs, 4, 'W3', 'parley-0', 'limit-B', 1.1);
    const commit = runs.median('W3', 'parley-0', 'commit_ms');
    yield row(
        4, 'W3 parley-0: p99', runs.median('W3', 'parley-0', 'p99_ms'),
        1.5 * runs.median('W3', 'limit-B', 'p99_ms') + commit,
        {unit: ' ms', note: `1.5 of limit-B and a commit of ${number(commit)} ms`});
    yield cpuRow(runs, 4, 'W3', 'parley', 'limit-B', 0.65);
}

function* keeping(runs) {
    const kib = (value) => number(value / 1024, 1),
          bytes = (step) => runs.median('idle', 'parley', (one) => one.bytes[step] / one.connections);
    yield row(
        5, 'an idle browser, signed in and subscribed: memory',
        runs.median('idle', 'parley', (one) => one.rss_per_conn / 1024), 8, {
            unit: ' KiB',
            note: `session ${kib(bytes('signed in') - bytes('empty'))}, connection ${
                      kib(bytes('connected') - bytes('signed in'))}, ` +
                `subscription ${kib(bytes('subscribed') - bytes('connected'))} KiB`
        });
    for (const point of ['4 ms disk, 3200, spacing 20', '4 ms disk, 3200', 'own disk, 3200']) {
        const of = (figure) => runs.median('commits', point, figure);
        yield row(6, `200 clients, ${point}: acknowledged`, of('acks_per_s'), 20_000, {
            least: true,
            unit: ' /s',
            digits: 0,
            note: `${number(of('cpu_us'), 1)} us CPU each, groups of ${
                      number(of('group'), 0)}; of the time its CPU was busy ${number(100 * of('cpu_share'), 0)} %, ` +
                `others had it ${number(100 * of('others_share'), 0)} %, the disk was busy ${
                      number(100 * of('sync_share'), 0)} % (a sync takes ${number(of('sync_ms'))} ms)`
        });
    }
}

const stoppedMib = (4 * 5 * 524_288) / 2 ** 20;  // five outboxes of --outbox-bytes

function* slowReaders(runs) {
    const peak = (one) => one.rss_peak / 2 ** 20;
    for (const peer of ['parley', 'parley-plain']) {
        yield row(
            7, `W9 ${peer}: p99 of the others, five stopped / none`, runs.ratio(['W9b', peer], ['W9a', peer], 'p99_ms'),
            1.1);
        yield row(
            7, `W9 ${peer}: peak memory`, runs.has('W9b', peer) ? runs.most('W9b', peer, peak) : NaN,
            stoppedMib + runs.median('W9a', peer, peak),
            {unit: ' MiB', digits: 1, note: 'limit: without stopped readers, and four times their outboxes'});
    }
    const missing = (one) => one.slow_expected - one.slow_received - one.refused * one.slow_members;
    yield row(
        7, 'W9b parley-plain: messages that the five lack in the end',
        runs.has('W9b', 'parley-plain') ? runs.sum('W9b', 'parley-plain', missing) : NaN, 0,
        {note: refusedNote(runs, 'W9b', 'parley-plain')});
}

// What two shards carry on two cores in units of what one carries on one: bounded by the CPU that a delivery takes in
// all, and by the busiest thread.
export function carries(one, two) {
    const all = two.threads.reduce((sum, seconds) => sum + seconds, 0);
    return (one.cpu_us / two.cpu_us) * Math.min(2, all / two.threads[0]);
}

function* shards(runs) {
    for (const [name, where] of [['shards-2', 'on two cores'], ['shards-2-one-core', 'pinned to one core']]) {
        const split = runs.median('shards', name, ({threads}) => (100 * threads[0]) / (threads[0] + threads[1]));
        yield row(
            9, `two shards ${where}: carry, by CPU time`,
            median(runs.pairs(['shards', 'shards-1'], ['shards', name], carries)), 1.7,
            {least: true, unit: ' x', note: `the busier one has ${number(split, 0)} % of their CPU`});
    }
}

export const acceptance =
    (runs,
     disk) => [...fanOut(runs), ...underLoad(runs, disk), ...keeping(runs), ...slowReaders(runs), ...shards(runs)];
