// Runs a test program twice: as if the machine had booted five seconds ago, and ten years ago. Nothing may take the
// beginning of a clock for a time at which something happened.
//
//     node tests/unit/uptime.mjs PROGRAM [ARGUMENT...]
//
// Exit status 77: skipped, because this machine lets nobody have a clock of their own (unshare --time).
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const limitMs = 800_000;
const [program, ...given] = process.argv.slice(2);

const sinceBoot = { monotonic: Number(process.hrtime.bigint() / 1_000_000_000n),
                    boottime: Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])) };

// The arguments of unshare(1) for clocks moved by so many seconds.
function moved({ monotonic, boottime }) {
    const asRoot = process.getuid() === 0 ? [] : ['--user', '--map-root-user'];
    return [...asRoot, '--time', '--monotonic', monotonic, '--boottime', boottime, '--fork', '--kill-child', '--'].map(String);
}

const seconds = (n) => ({ monotonic: n - sinceBoot.monotonic, boottime: n - sinceBoot.boottime });
const tenYears = 10 * 365 * 24 * 3600;
const uptimes = { 'five seconds': seconds(5), 'ten years': seconds(tenYears) };

const probe = spawnSync('unshare', [...moved(uptimes['ten years']), 'true'], { encoding: 'utf8' });
if (probe.status !== 0) {
    console.log(`skipped: no clock of its own for a program here (${(probe.error?.message ?? probe.stderr).trim()})`);
    process.exit(77);
}

function run(name, offsets) {
    const child = spawn('unshare', [...moved(offsets), program, ...given], { timeout: limitMs });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    return new Promise((resolve) => child.on('close', (status, signal) => resolve({ name, status, signal, said })));
}

const runs = await Promise.all(Object.entries(uptimes).map(([name, offsets]) => run(name, offsets)));
for (const { name, status, signal, said } of runs) {
    if (status === 0) continue;
    console.error(`${said}\n${program} at an uptime of ${name}: ` +
        (signal ? `not done after ${limitMs / 1000} s` : `exit status ${status}`));
    process.exitCode = 1;
}
if (!process.exitCode) console.log(`passed at an uptime of ${Object.keys(uptimes).join(' and of ')}`);
