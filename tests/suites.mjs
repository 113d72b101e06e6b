// Runs test files, each in a process of its own: a line for each, the whole output of those that fail, and the sums.
//
//     node tests/suites.mjs AT_A_TIME FILE...
//
// Exit status 1 when one fails or takes longer than PARLEY_SUITE_SECONDS (600).
import {spawn} from 'node:child_process';
import {relative} from 'node:path';

const [atATime, ...files] = process.argv.slice(2);
const limitSeconds = Number(process.env.PARLEY_SUITE_SECONDS ?? 600);
const killedAfterMs = 10_000;  // what SIGTERM does not end

// Each file's process leads a group, so that what it started ends with it.
const running = new Set();
function end(child, signal) {
    if (running.has(child)) process.kill(-child.pid, signal);
}
process.on('exit', () => { for (const child of running) end(child, 'SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// {code, output, seconds} of `node --test FILE`; code null: it was ended.
function run(file) {
    const from = performance.now();
    const child = spawn(process.execPath, ['--test', '--test-reporter=spec', file],
        {stdio: ['ignore', 'pipe', 'pipe'], detached: true});
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const timer = setTimeout(() => {
        output += `\nended: it took longer than ${limitSeconds} s, and what is above had finished\n`;
        end(child, 'SIGTERM');
        setTimeout(end, killedAfterMs, child, 'SIGKILL');
    }, limitSeconds * 1000);
    return new Promise((resolve) => child.on('close', (code) => {
        clearTimeout(timer);
        running.delete(child);
        resolve({code, output, seconds: (performance.now() - from) / 1000});
    }));
}

const count = (output, word) => Number(output.match(new RegExp(`^. ${word} (\\d+)$`, 'm'))?.[1] ?? 0);

const sums = {tests: 0, pass: 0, fail: 0, skipped: 0};
const failed = [];
const waiting = [...files];

async function work() {
    while (waiting.length > 0) {
        const file = waiting.shift();
        const {code, output, seconds} = await run(file);
        for (const word of Object.keys(sums)) sums[word] += count(output, word);
        if (code !== 0) {
            failed.push(file);
            console.log(output);
        }
        const verdict = code === 0 ? 'passed' : 'FAILED';
        console.log(`${verdict} ${relative('.', file)}: ${count(output, 'tests')} tests in ${seconds.toFixed(1)} s`);
    }
}
await Promise.all(Array.from({length: Number(atATime)}, work));

for (const [word, number] of Object.entries(sums)) console.log(`# ${word} ${number}`);
for (const file of failed) console.log(`# FAILED ${relative('.', file)}`);
process.exitCode = failed.length === 0 && sums.tests > 0 ? 0 : 1;
