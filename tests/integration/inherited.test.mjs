// What the server inherits when it is started: streams, descriptors, signals.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from './clients.mjs';
import { binary, environment, freePort, Server } from './server.mjs';
import { once, until, within } from './within.mjs';

// The server, started by these words of a shell. `stdio`: as spawn takes it.
async function startBy(t, words, { flags = [], stdio = 'pipe' } = {}) {
    const data = mkdtempSync(join(tmpdir(), 'parley-test-')), port = await freePort();
    const child = spawn('sh', ['-c', `${words}; exec "$0" "$@"`, binary, '--listen', `127.0.0.1:${port}`, '--data', data, ...flags], { stdio, env: environment() });
    const exited = once(child, 'close', { ms: 120_000 });  // of whole tests; by then all of its output has come
    t.after(async () => {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
        await exited;
        rmSync(data, { recursive: true, force: true });
    });
    return { child, exited, url: `http://127.0.0.1:${port}` };
}

async function untilReady({ url, child }) {
    await until(`an answer from ${url}`, async () => {
        assert.equal(child.exitCode, null, 'it has ended');
        const answer = await globalThis.fetch(`${url}/readyz`).catch(() => null);
        return answer?.status === 200;
    });
}

// How the server ended.
async function ended({ exited }) {
    const [code, signal] = await within(exited, 'the end of the server');
    return { code, signal };
}

test('closed standard streams become /dev/null, not sockets or files of the server', async (t) => {
    const server = await startBy(t, 'exec 0<&- 1>&- 2>&-', { stdio: 'ignore' });
    await untilReady(server);
    for (const stream of [0, 1, 2])
        assert.equal(readlinkSync(`/proc/${server.child.pid}/fd/${stream}`), '/dev/null', `stream ${stream}`);
    server.child.kill('SIGTERM');
    assert.deepEqual(await ended(server), { code: 0, signal: null });
});

for (const ignored of ['HUP', 'INT', 'TERM']) {
    test(`SIG${ignored} that was ignored at the start stays ignored`, async (t) => {
        const server = await startBy(t, `trap "" ${ignored}`);
        await untilReady(server);
        server.child.kill(`SIG${ignored}`);
        await untilReady(server);
        const other = ignored === 'TERM' ? 'INT' : 'TERM';
        server.child.kill(`SIG${other}`);
        assert.deepEqual(await ended(server), { code: 0, signal: null });
    });
}

test('SIGHUP that was not ignored stops the server', async (t) => {
    const server = await startBy(t, ':');
    await untilReady(server);
    server.child.kill('SIGHUP');
    assert.deepEqual(await ended(server), { code: 0, signal: null });
});

async function outputOf(server) {
    let text = '';
    server.child.stderr.on('data', (chunk) => (text += chunk));
    const { code } = await ended(server);
    return { code, text };
}

test('too few open files: one line says how many it needs, and the status is 1', async (t) => {
    const { code, text } = await outputOf(await startBy(t, 'ulimit -n 20', { flags: ['--shards', '2'] }));
    assert.equal(code, 1, text);
    assert.match(text, /^parley: needs at least \d+ open files .* may have 20: raise the limit \(ulimit -n.*\n$/);
});

test('with the least number of open files it serves; with one less it does not start', async (t) => {
    for (const shards of [1, 5]) {
        const flags = ['--shards', String(shards)];
        const { text } = await outputOf(await startBy(t, 'ulimit -n 20', { flags }));
        const least = Number(text.match(/needs at least (\d+)/)[1]);
        const short = await outputOf(await startBy(t, `ulimit -n ${least - 1}`, { flags }));
        assert.equal(short.code, 1, short.text);
        const server = await Server.start(flags, { descriptors: least });
        t.after(() => server.stop());
        const clients = [];
        for (let i = 0; i < 4; i++) clients.push(await Client.guest(server));
        for (const client of clients) {
            await client.ask('subscribe', { room: 'lobby' });
            assert.equal((await client.say('lobby', 'all of us are here')).type, 'ok');
        }
        assert.doesNotMatch(server.log, /cannot accept/);
    }
});
