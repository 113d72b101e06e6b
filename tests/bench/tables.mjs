// What was measured, as text.
import {lost} from './runs.mjs';
import {workloads} from './workloads.mjs';

const reference = {
    W1: 'limit-A',
    W6: 'limit-A',
    W5: undefined,
    W9a: undefined,
    W9b: undefined,
    shards: 'shards-1'
};
const referenceOf = (workload) => (workload in reference ? reference[workload] : 'limit-B');
const grouped = (value) => Math.round(value).toLocaleString('en');

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const kib = (bytes) => `${(bytes / 1024).toFixed(2)} KiB`;

function figures(line) {
    if (line.acks_per_s !== undefined)
        return [
            `${grouped(line.acks_per_s)} acknowledged/s`, `groups of ${line.group.toFixed(1)}`,
            `${line.cpu_us.toFixed(1)} us CPU each`, `commit ${line.commit_ms.toFixed(2)} ms`,
            `core ${percent(line.cpu_share)} busy`
        ];
    if (line.workload === 'W5' || line.workload === 'idle') return [`${kib(line.rss_per_conn)} a connection`];
    return [
        `${line.cpu_us.toFixed(3)} us`, `${grouped(line.deliveries_per_s)}/s`, `p50 ${line.p50_ms.toFixed(2)} ms`,
        `p99 ${line.p99_ms.toFixed(2)} ms`, `lost ${line.lost}`, `closed ${line.closed}`,
        `generator ${percent(line.generator_share)}`
    ];
}

function columns(line) {
    const told = figures(line);
    if (line.others_share !== undefined) told.push(`others ${percent(line.others_share)}`);
    if (line.refused) told.push(`refused ${line.refused}`);
    return told.join(', ');
}

export const shortly = (line) =>
    `${line.workload} ${line.peer}: ${line.error ? `FAILED: ${line.error}` : columns(line)}`;

// Every figure that has a median.
export function medians(runs) {
    const keys = new Set(runs.lines.map(({workload, peer}) => JSON.stringify([workload, peer])));
    return [...keys]
        .map((key) => JSON.parse(key))
        .filter(([workload, peer]) => runs.has(workload, peer))
        .map(([workload, peer]) => {
            const lines = runs.of(workload, peer),
                  names = Object.keys(lines[0]).filter((name) => typeof lines[0][name] === 'number' && name !== 'rep');
            const figures = Object.fromEntries(
                names.map((name) => [name, Number(runs.median(workload, peer, name).toPrecision(5))]));
            return {workload, peer, runs: lines.length, ...figures};
        });
}

const none = ['', '', '', '', '', '', '', ''];

// Words to the left, figures to the right.
function laidOut(rows) {
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => `${row[column]}`.length)));
    const cell = (value, column) => column < 2 || `${value}`.startsWith(' ') ? `${value}`.padEnd(widths[column]) :
                                                                               `${value}`.padStart(widths[column]);
    return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

const heads =
    ['work', 'server', 'runs', 'CPU us', 'ratio', 'to', 'delivered/s', 'p50 ms', 'p99 ms', 'lost', 'refused', 'closed'];

// The ratio is of CPU time, to the limit of the same repetition.
function ratioRow(runs, workload, peer) {
    const start = [workload, peer, runs.of(workload, peer).length], base = referenceOf(workload);
    const of = (figure, digits) => runs.median(workload, peer, figure).toFixed(digits);
    if (!runs.has(workload, peer)) return [...start, 'failed', ...none];
    if (workload === 'idle' || workloads[workload].idle)
        return [...start, kib(runs.median(workload, peer, 'rss_per_conn')), ...none];
    const related = base && runs.has(workload, base);
    const ratio = related ? runs.ratio([workload, peer], [workload, base], 'cpu_us').toFixed(2) : '';
    return [
        ...start, of('cpu_us', 3), ratio, related ? base : '', grouped(runs.median(workload, peer, 'deliveries_per_s')),
        of('p50_ms', 2), of('p99_ms', 2), runs.sum(workload, peer, lost),
        runs.sum(workload, peer, (line) => line.refused ?? 0), runs.sum(workload, peer, 'closed')
    ];
}

export function ratioTable(runs) {
    const rows = [...Object.keys(workloads), 'idle'].flatMap(
        (workload) => runs.peers(workload).map((peer) => ratioRow(runs, workload, peer)));
    return `${rows.length ? laidOut([heads, ...rows]) : ''}\n\n${commitTable(runs)}`.trim();
}

function commitTable(runs) {
    const rows = [[
        'commits', 'disk, in flight', 'runs', 'acknowledged/s', 'group', 'commit ms', 'CPU us each', 'core busy %',
        'disk busy %', 'p99 ms'
    ]];
    for (const peer of runs.peers('commits').filter((one) => runs.has('commits', one))) {
        const of = (figure, digits) => runs.median('commits', peer, figure).toFixed(digits);
        rows.push([
            '', peer, runs.of('commits', peer).length, grouped(runs.median('commits', peer, 'acks_per_s')),
            of('group', 1), of('commit_ms', 2), of('cpu_us', 1),
            (100 * runs.median('commits', peer, 'cpu_share')).toFixed(0),
            (100 * runs.median('commits', peer, 'sync_share')).toFixed(0), of('ack_p99_ms', 1)
        ]);
    }
    return rows.length > 1 ? laidOut(rows) : '';
}

export function acceptanceTable(promised) {
    const known = promised.filter(({met}) => met !== undefined);
    const rows = known.map(
        ({line, what, value, limit, met, note}) => [line, what, value, limit, met ? 'yes' : 'NO', ` ${note}`]);
    const table = rows.length ? laidOut([['line', 'what was promised', 'measured', 'limit', 'met', ''], ...rows]) : '';
    const left = promised.length - known.length;
    return `${table}${left ? `\n(${left} of ${promised.length} promises were not measured this time)` : ''}`.trim();
}
