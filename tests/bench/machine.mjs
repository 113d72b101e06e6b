// Processes of a measurement: each pinned to a core and in a scheduling group of its own, ended with all that it began;
// and what the kernel says of them.
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, openSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';

export const serverCore = '0', generatorCore = '1';
const endsWithinMs = 8000;
const running = new Set();

process.on('exit', () => running.forEach((child) => signal(child, 'SIGKILL')));
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(1));

function signal(child, name) {
    try {
        process.kill(-child.pid, name);
    } catch { /* it has ended */
    }
}

// Ahead of what else runs here, where that is allowed. Schedulers group by session: `nice` would do nothing.
function favour(pid) {
    try {
        writeFileSync(`/proc/${pid}/autogroup`, '-6');
    } catch { /* not root, or no such grouping */
    }
}

export function start(cores, command, {cwd, env, log} = {}) {
    const file = log ? openSync(log, 'w') : undefined;
    const child = spawn('taskset', ['-c', cores, ...command], {
        cwd,
        detached: true,
        env: {...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...env},
        stdio: ['ignore', file ?? 'pipe', file ?? 'pipe']
    });
    if (file !== undefined) closeSync(file);
    running.add(child);
    child.on('error', () => {});
    child.exited = once(child, 'exit').catch(() => {}).then(() => running.delete(child));
    favour(child.pid);
    return child;
}

export async function end(child) {
    signal(child, 'SIGTERM');
    const late = setTimeout(() => signal(child, 'SIGKILL'), endsWithinMs);
    if (running.has(child)) await child.exited;
    clearTimeout(late);
    signal(child, 'SIGKILL');  // what it left behind
}

// Runs a generator to its end; gives the JSON line that it prints.
export async function generate(command, seconds) {
    const child = start(generatorCore, command);
    let said = '', complaint = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (complaint += chunk));
    const closed = once(child, 'close');
    const late = setTimeout(() => signal(child, 'SIGKILL'), seconds * 1000);
    await closed;
    clearTimeout(late);
    try {
        return JSON.parse(said);
    } catch {
        throw new Error((complaint || said).trim().slice(-300) || `no answer within ${seconds} s`);
    }
}

export async function isOpen(port) {
    const socket = connect(port, '127.0.0.1');
    const opened = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    return opened;
}

export async function opens(port, child, seconds = 15) {
    for (const until = Date.now() + seconds * 1000; Date.now() < until && child.exitCode === null; await pause(50))
        if (await isOpen(port)) return;
    throw new Error('the server did not start');
}

// Waits until the machine is mostly idle, at most so many seconds.
export async function quiet(seconds) {
    const times = () => readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
    for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
        const before = times();
        await pause(250);
        const spent = times().map((now, i) => now - before[i]);
        if (spent[3] + spent[4] > 0.6 * spent.reduce((sum, one) => sum + one, 0)) return;
    }
}

// Bytes; `which` is VmRSS or VmHWM (the most there ever was).
export function memory(pid, which = 'VmRSS') {
    return 1024 * Number(new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

// CPU seconds of each thread.
export function threadSeconds(pid) {
    const seconds = (tid) => Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
    return readdirSync(`/proc/${pid}/task`).map((tid) => ({tid, seconds: seconds(tid)}));
}

export const cpuSeconds = (pid) => threadSeconds(pid).reduce((sum, one) => sum + one.seconds, 0);

// Seconds in which that core did anything at all, for anybody.
export function coreSeconds(core) {
    const line =
        new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))[1].split(' ').map(Number);
    return (line[0] + line[1] + line[2] + line[5] + line[6]) / 100;
}

export const children = (pid) =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

// All its threads, those to come included.
export const pin = (pid, core) => execFileSync('taskset', ['-acp', core, `${pid}`], {stdio: 'ignore'});
