// What the server sends to a service manager and takes from it, and the first lines that an operator reads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { binary, environment, freePort, patience, runToEnd, Server } from './server.mjs';
import { fetch, once } from './within.mjs';

function scratch(t) {
    const path = mkdtempSync(join(tmpdir(), 'parley-test-'));
    t.after(() => rmSync(path, { recursive: true, force: true }));
    return path;
}

// A process of this test: its output, line by line, and its end with the test.
class Running {
    constructor(t, command, args, options = {}) {
        this.output = '';
        this.child = spawn(command, args, { env: environment(), ...options });
        for (const stream of [this.child.stdout, this.child.stderr])
            stream?.on('data', (chunk) => { this.output += chunk; this.child.emit('said'); });
        this.exited = once(this.child, 'close', { what: `the end of ${command}` }).then(([code]) => code);
        this.exited.catch(() => {});
        t.after(() => this.child.kill('SIGKILL'));
    }
    async said(pattern) {
        const detail = () => `; it said:\n${this.output}`;
        while (!pattern.test(this.output)) await once(this.child, 'said', { what: `${pattern}`, detail });
    }
}

// Receives datagrams, as systemd does; node has no datagram sockets of this family, perl is on every Debian.
async function listenForNotices(t, name) {
    const receive = 'use Socket; $| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0) or die; my $n = shift; $n =~ s/^@/\\0/;' +
        'bind(S, sockaddr_un($n)) or die; print "ready\\n"; while (defined recv(S, $m, 4096, 0)) { print "$m\\n.\\n" }';
    const receiver = new Running(t, 'perl', ['-e', receive, name]);
    await receiver.said(/ready\n/);
    return receiver;
}

for (const kind of ['path', 'abstract']) {
    test(`the service manager hears when it is ready and when it stops, by a socket of kind ${kind}`, async (t) => {
        const data = scratch(t);
        const name = kind === 'path' ? join(data, 'notify') : `@parley-test-${process.pid}`;
        const manager = await listenForNotices(t, name);
        const server = await Server.start([], { env: { NOTIFY_SOCKET: name } });
        t.after(() => server.stop());
        await manager.said(/READY=1\nSTATUS=Serving http:\/\/localhost:\d+\/\n\./);
        assert.equal((await fetch(server.url + '/healthz')).status, 200);
        assert.doesNotMatch(manager.output, /STOPPING/);
        assert.equal((await server.terminate()).code, 0);
        await manager.said(/STOPPING=1\nSTATUS=.+\n\./);
    });
}

test('a service manager that is not there delays nobody', async (t) => {
    for (const name of ['/nonexistent/notify', 'strange', '@' + 'x'.repeat(200)]) {
        const server = await Server.start([], { env: { NOTIFY_SOCKET: name } });
        t.after(() => server.stop());
        assert.equal((await server.terminate()).code, 0);
    }
});

// Starts the server with `socket` as descriptor 3, as systemd does. LISTEN_PID is its own.
function activate(t, socket, flags, { env = {}, pid = '$$' } = {}) {
    const script = `LISTEN_PID=${pid}; export LISTEN_PID; exec "$0" "$@"`;
    return new Running(t, 'sh', ['-c', script, binary, '--data', scratch(t), ...flags], {
        env: environment({ LISTEN_FDS: '1', ...env }), stdio: ['ignore', 'pipe', 'pipe', socket]
    });
}

async function listening(t, ...where) {
    const server = createServer().listen(...where);
    await once(server, 'listening');
    t.after(() => server.close());
    return server;
}

test('a socket that listens already is taken, and its address counts', async (t) => {
    const socket = await listening(t, 0, '127.0.0.1');
    const running = activate(t, socket._handle.fd, ['--listen', '0.0.0.0:1']);
    await running.said(/listens on/);
    assert.match(running.output, new RegExp(`listens on http://localhost:${socket.address().port}/ .*guests on`));
    const url = `http://127.0.0.1:${socket.address().port}/healthz`;
    socket.close();
    assert.equal((await fetch(url)).status, 200);
    running.child.kill('SIGTERM');
    assert.equal(await running.exited, 0);
});

test('what is passed to another process is not taken', async (t) => {
    const socket = await listening(t, 0, '127.0.0.1');
    const port = await freePort();
    const running = activate(t, socket._handle.fd, ['--listen', `127.0.0.1:${port}`], { pid: '1' });
    await running.said(new RegExp(`listens on http://localhost:${port}/`));
});

test('what cannot be listened on is refused in one line', async (t) => {
    const data = scratch(t);
    const local = await listening(t, join(data, 'socket'));
    const tcp = await listening(t, 0, '127.0.0.1');
    const client = connect(tcp.address().port, '127.0.0.1');
    await once(client, 'connect');
    t.after(() => client.destroy());
    for (const [socket, env, words] of [
        [local._handle.fd, {}, /no TCP socket.*ListenStream=/],
        [client._handle.fd, {}, /no TCP socket/],
        ['ignore', {}, /no TCP socket/],
        [tcp._handle.fd, { LISTEN_FDS: '2' }, /passes 2 sockets.*ListenStream=/]]) {
        const running = activate(t, socket, [], { env });
        assert.equal(await running.exited, 1);
        assert.match(running.output, words);
        assert.equal(running.output.trim().split('\n').length, 1, running.output);
    }
});

// The addresses of this machine that others may use.
function outwardAddresses() {
    return Object.values(networkInterfaces()).flat()
        .filter((each) => !each.internal && each.family === 'IPv4').map((each) => each.address);
}

test('listening beyond loopback without TLS says so once, with the addresses for colleagues', async (t) => {
    const port = await freePort();
    const running = new Running(t, binary, ['--listen', `0.0.0.0:${port}`, '--data', scratch(t)]);
    await running.said(/Passwords travel unencrypted.*--tls-cert.*\n/);
    assert.equal(running.output.match(/unencrypted/g).length, 1);
    assert.doesNotMatch(running.output, /Only this machine/);
    for (const address of outwardAddresses().slice(0, 4))
        assert.ok(running.output.includes(`http://${address}:${port}/`), running.output);
});

test('on loopback nothing is said about passwords', async (t) => {
    const server = await Server.start();
    t.after(() => server.stop());
    await server.terminate();
    assert.doesNotMatch(server.log, /unencrypted/);
});

test('--version has number, commit and date', async () => {
    const { stdout } = await runToEnd(['--version']);
    assert.match(stdout, /^Parley \d+\.\d+\.\d+ \(commit (?:[0-9a-f]{12}(?:-dirty)?|unknown), (?:\d{4}-\d\d-\d\d|unknown)\)\n$/);
});

test('a mistake in the file is one line with file, line, key and the nearest key', async (t) => {
    const file = join(scratch(t), 'parley.toml');
    writeFileSync(file, '# where\n\nlisen = "127.0.0.1:1"\n');
    const { code, stderr } = await runToEnd(['--config', file]);
    assert.equal(code, 2);
    assert.equal(stderr, `parley: ${file}:3: there is no \`lisen\`; did you mean \`listen\`?\n`);
});

test('a variable that no option reads is named at the start, and the server starts', async (t) => {
    const server = await Server.start([], { env: { PARLEY_LISEN: '127.0.0.1:1' } });
    t.after(() => server.stop());
    await server.logged(/PARLEY_LISEN of the environment is ignored; did you mean `PARLEY_LISTEN`\?/);
});
