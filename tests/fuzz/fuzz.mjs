// Replays the corpus of every fuzz target and goes on from there for some seconds each; prints a table.
//
//     node tests/fuzz/fuzz.mjs BUILD_DIRECTORY [SECONDS [TARGET...]]
//
// The corpus is what earlier runs found (in the build directory), the vectors of the protocol, seeds/ and regressions/,
// where each fixed finding stays. SECONDS 0 only replays. Exit status 1: a finding, kept as a file that replays it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const build = resolve(process.argv[2]);
const seconds = Number(process.argv[3] ?? 30);
const all = ['codec', 'markup', 'plain_text', 'http', 'deflate', 'outbox', 'ledger'];
const targets = process.argv.length > 4 ? process.argv.slice(4) : all;

const input_bytes_max = 4096;  // longer ones say little more and take longer; limits have their vectors
const input_seconds_max = 10;
const memory_mb_max = 2048;

// The ledger's files are gone after each input: in memory, where there is such a place, they cost no disk.
const env = { ...process.env, TMPDIR: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() };

const vectors = JSON.parse(readFileSync(join(here, '../vectors/protocol.json'), 'utf8')).cases;

function bytes_of(text) {
    if (Array.isArray(text)) return Buffer.concat(text.map(bytes_of));
    if (typeof text === 'string') return Buffer.from(text);
    return 'base64' in text ? Buffer.from(text.base64, 'base64') : Buffer.from(text.repeat.repeat(text.times));
}

// How a target reads a vector; the others have nothing to do with frames.
const inputs_from = {
    codec({ set, type, frame }) {
        const head = { request: 'r', notice: 'n', account_body: `a${type}\n`, request_body: `b${type}\n` }[set];
        return Buffer.concat([Buffer.from(head), bytes_of(frame)]);
    },
    plain_text: ({ frame }) => Buffer.concat([Buffer.from([20]), bytes_of(frame)]),
    deflate: ({ frame }) => Buffer.concat([Buffer.from([7, 9]), bytes_of(frame)]),
};

// The folders of a target's corpus, the one that grows first.
function corpus_of(target) {
    const grown = join(build, 'corpus', target);
    const given = join(build, 'corpus', `${target}.vectors`);
    for (const folder of [grown, given]) mkdirSync(folder, { recursive: true });
    vectors.forEach((vector, index) => {
        const input = inputs_from[target]?.(vector);
        if (input && input.length <= input_bytes_max) writeFileSync(join(given, String(index)), input);
    });
    return [grown, given, join(here, 'seeds', target), join(here, 'regressions', target)].filter(existsSync);
}

function run(target) {
    const findings = join(build, 'findings');
    mkdirSync(findings, { recursive: true });
    const limits = seconds > 0 ? [`-max_total_time=${seconds}`] : ['-runs=0'];
    const child = spawn(join(build, `fuzz_${target}`), [
        ...limits, `-max_len=${input_bytes_max}`, `-timeout=${input_seconds_max}`, `-rss_limit_mb=${memory_mb_max}`,
        '-print_final_stats=1', `-artifact_prefix=${join(findings, target)}-`, ...corpus_of(target)
    ], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.on('data', (chunk) => (log += chunk));
    return new Promise((done, failed) => {
        child.on('error', failed);
        child.on('close', (status) => done({ target, status, log }));
    });
}

const last = (log, pattern) => [...log.matchAll(pattern)].at(-1)?.[1] ?? '-';
const columns = ['target', 'executions', 'a second', 'edges', 'corpus', 'result'];

function row_of({ target, status, log }) {
    return [
        target, last(log, /stat::number_of_executed_units: (\d+)/g), last(log, /stat::average_exec_per_sec: +(\d+)/g),
        last(log, /cov: (\d+)/g), last(log, /corp: (\d+)/g), status === 0 ? 'nothing found' : 'FINDING'
    ];
}

const line_of = (cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(15))).join('');

function explain({ target, log }) {
    const file = last(log, /Test unit written to (\S+)/g);
    const input = relative(process.cwd(), file);
    console.error(`\n${log.split('\n').filter((text) => !/^#\d+\t/.test(text)).slice(-60).join('\n')}`);
    console.error(`${target}: replay with ${relative(process.cwd(), join(build, `fuzz_${target}`))} ${input}`);
    console.error(`when it is fixed, keep it: mv ${input} tests/fuzz/regressions/${target}/`);
}

const results = [];
const waiting = [...targets];
async function work() {
    while (waiting.length > 0) results.push(await run(waiting.shift()));
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));

console.log(line_of(columns));
for (const target of targets) console.log(line_of(row_of(results.find((result) => result.target === target))));
const findings = results.filter(({ status }) => status !== 0);
findings.forEach(explain);
process.exitCode = findings.length === 0 ? 0 : 1;
