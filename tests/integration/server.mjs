// Starts the real server on a free port with a directory of its own, and ends it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once, patience, within } from './within.mjs';

export { patience };

export const binary =
    process.env.PARLEY_BINARY ?? fileURLToPath(new URL('../../build/release/parley', import.meta.url));

// The environment of a server under test: what is set here for Parley, or for the tests, is none of its options.
export function environment(more = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(?:PARLEY_|NOTIFY_SOCKET$|LISTEN_)/.test(name));
    return { ...Object.fromEntries(inherited), ...more };
}

// Linux gives the ports from 32768 on to outgoing connections (ip_local_port_range): one of those could take the port of
// a server that is about to start, or to start again. Tests that run beside this one begin somewhere else.
const portMin = 10_240, portMax = 32_767, portTriesMax = 1000;
let nextPort = portMin + Math.floor(Math.random() * (portMax - portMin));

async function isFree(port) {
    const probe = createServer();
    const listens = new Promise((resolve) => probe.once('error', () => resolve(false)).once('listening', () => resolve(true)));
    probe.listen(port, '127.0.0.1');
    if (!(await listens)) return false;
    probe.close();
    await once(probe, 'close');
    return true;
}

// None is given twice by one process.
export async function freePort() {
    for (let tries = 0; tries < portTriesMax; tries++) {
        const port = nextPort;
        nextPort = port < portMax ? port + 1 : portMin;
        if (await isFree(port)) return port;
    }
    throw new Error(`no free port among ${portTriesMax} before ${nextPort}`);
}

// Whatever ends this process ends its servers.
const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });
process.on('SIGTERM', () => process.exit(1));

export class Server {
    // `flags` are added to --listen and --data. Resolves once the server says that it listens.
    // `descriptors`: how many it may have open.
    static async start(flags = [], { port, data, env = {}, descriptors } = {}) {
        const server = new Server();
        server.flags = flags;
        server.env = environment(env);
        server.command = descriptors ? ['sh', '-c', `ulimit -n ${descriptors}; exec "$0" "$@"`, binary] : [binary];
        server.port = port ?? (await freePort());
        server.data = data ?? mkdtempSync(join(tmpdir(), 'parley-test-'));
        await server.launch();
        return server;
    }

    async launch() {
        this.expectNoReport();
        this.log = '';
        const flags = ['--listen', `127.0.0.1:${this.port}`, '--data', this.data, ...this.flags];
        this.child = spawn(this.command[0], [...this.command.slice(1), ...flags], { env: this.env });
        running.add(this.child);
        this.child.once('exit', () => running.delete(this.child));
        this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve({ code, signal })));
        const listens = new Promise((resolve) => {
            const collect = (chunk) => {
                this.log += chunk;
                this.child.emit('logged');
                if (this.log.includes('listens on')) resolve('listens');
            };
            this.child.stdout.on('data', collect);
            this.child.stderr.on('data', collect);
        });
        const first = await this.within(Promise.race([listens, this.ended]), 'the server to listen');
        if (first !== 'listens') throw new Error(`the server ended at once: ${JSON.stringify(first)}\n${this.log}`);
    }

    // What a sanitizer found in the server that ran until now.
    expectNoReport() {
        if (/Sanitizer: /.test(this.log)) throw new Error(this.log);
    }

    within(promise, purpose, limits) {
        return within(promise, purpose, { detail: () => `; its log:\n${this.log}`, ...limits });
    }
    get exited() { return this.within(this.ended, 'the server to end'); }

    get secure() { return this.flags.includes('--tls-cert'); }
    get url() { return `http${this.secure ? 's' : ''}://127.0.0.1:${this.port}`; }
    get ws() { return `ws${this.secure ? 's' : ''}://127.0.0.1:${this.port}`; }

    // Without the beginning of a line whose end is still to come.
    get wholeLines() { return this.log.slice(0, this.log.lastIndexOf('\n') + 1); }

    // What the log says, once it does: lines are written a moment after what they report.
    async logged(pattern, limits) {
        const heard = async () => {
            while (!pattern.test(this.wholeLines)) await new Promise((resolve) => this.child.once('logged', resolve));
        };
        await this.within(heard(), `a line of the log like ${pattern}`, limits);
        return this.wholeLines.match(pattern);
    }

    kill() {
        this.child.kill('SIGKILL');
        return this.exited;
    }
    async restart() {
        await this.kill();
        await this.launch();
    }
    // SIGTERM; gives the exit status and how long it took in ms.
    async terminate(signal = 'SIGTERM') {
        const from = performance.now();
        this.child.kill(signal);
        const status = await this.exited;
        return { ...status, ms: performance.now() - from };
    }
    async stop() {
        if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
        rmSync(this.data, { recursive: true, force: true });
        this.expectNoReport();
    }
}

// Runs the server until it ends by itself: for starts that must fail. `options`: as spawn takes them.
export async function runToEnd(args, options = {}) {
    const child = spawn(binary, args, { env: environment(), ...options });
    let stdout = '', stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const [code] = await once(child, 'close', { what: `the end of parley ${args.join(' ')}` });
    return { code, stdout, stderr };
}
