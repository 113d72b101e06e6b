// Starting and stopping: clear words, exit status, nothing overwritten.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, freshName, api } from './clients.mjs';
import { freePort, patience, runToEnd, Server } from './server.mjs';
import { fetch } from './within.mjs';

// Both end with the test, however it ends.
function scratch(t) {
    const path = mkdtempSync(join(tmpdir(), 'parley-test-'));
    t.after(() => rmSync(path, { recursive: true, force: true }));
    return path;
}
async function start(t, ...options) {
    const server = await Server.start(...options);
    t.after(() => server.stop());
    return server;
}

function assertRefused({ code, stderr }, status, word) {
    assert.equal(code, status, stderr);
    assert.equal(stderr.trim().split('\n').length, 1, `one line: ${stderr}`);
    assert.match(stderr, word);
}

test('--help and --version', async () => {
    const help = await runToEnd(['--help']);
    assert.equal(help.code, 0);
    for (const option of ['--listen', '--data', '--guests', '--origin', '--shards', '--log-level', '--static'])
        assert.ok(help.stdout.includes(option), option);
    assert.match((await runToEnd(['--version'])).stdout, /\d+\.\d+\.\d+/);
});

test('the last lines at the start say what to do, and for whom', async (t) => {
    const own = await start(t);
    await own.logged(/Only this machine can connect\. For others: --listen .*--tls-cert/);
    await own.logged(new RegExp(`\nOpen http://localhost:${own.port}/ in a browser; the first account is the owner\\. Ctrl-C stops`));
});

test('a wrong flag or value is bad usage: one line, status 2', async (t) => {
    assertRefused(await runToEnd(['--no-such-flag']), 2, /no-such-flag/);
    assertRefused(await runToEnd(['--shards', 'many']), 2, /shards/);
    assertRefused(await runToEnd(['--guests', 'maybe']), 2, /guests/);
    assertRefused(await runToEnd(['--send-burst', '-1']), 2, /send-burst/);
    assertRefused(await runToEnd(['--origin', 'chat.example.org']), 2, /origin/);
    const data = scratch(t);
    writeFileSync(join(data, 'parley.conf'), 'lissten="127.0.0.1:1"\n');
    assertRefused(await runToEnd(['--config', join(data, 'parley.conf')]), 2, /lissten/);
    assertRefused(await runToEnd(['--listen', '127.0.0.1:99999']), 2, /listen|port/);
});

test('a busy port is one clear line and status 1', async (t) => {
    const server = await start(t);
    const data = scratch(t);
    assertRefused(await runToEnd(['--listen', `127.0.0.1:${server.port}`, '--data', data]), 1, new RegExp(`${server.port}.*in use|in use.*${server.port}`));
});

test('two servers do not share a data directory', async (t) => {
    const server = await start(t);
    assertRefused(await runToEnd(['--listen', `127.0.0.1:${await freePort()}`, '--data', server.data]), 1, /another|in use|already/);
});

test('a data directory that cannot be created is one clear line', async (t) => {
    const data = scratch(t);
    writeFileSync(join(data, 'file'), 'not a directory');
    const listen = `127.0.0.1:${await freePort()}`;
    assertRefused(await runToEnd(['--listen', listen, '--data', join(data, 'file', 'sub')]), 1, /director/);
});

test('what is not our database is refused and left as it is', async (t) => {
    const data = scratch(t);
    const file = join(data, 'parley.db');
    writeFileSync(file, 'this is not a database, but somebody may want it '.repeat(100));
    const before = readFileSync(file);
    assertRefused(await runToEnd(['--listen', `127.0.0.1:${await freePort()}`, '--data', data]), 1, /parley\.db/);
    assert.deepEqual(readFileSync(file), before);
});

test('a damaged database is refused with what to do', async (t) => {
    const server = await start(t, ['--send-burst', '0']);
    const client = await Client.guest(server);
    for (let i = 0; i < 50; i++) await client.say('lobby', 'x'.repeat(4000));
    await server.terminate();
    const file = join(server.data, 'parley.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, Math.min(bytes.length, 4096 * 12));
    writeFileSync(file, bytes);
    assertRefused(await runToEnd(['--listen', `127.0.0.1:${server.port}`, '--data', server.data]), 1, /damaged|corrupt|malformed/);
    assert.deepEqual(readFileSync(file), bytes);
});

test('a schema of a newer version is refused and left as it is', async (t) => {
    const server = await start(t);
    await server.terminate();
    const file = join(server.data, 'parley.db');
    const bytes = readFileSync(file);
    bytes.writeUInt32BE(9999, 60);  // PRAGMA user_version (sqlite.org/fileformat2.html, section 1.3)
    writeFileSync(file, bytes);
    assertRefused(await runToEnd(['--listen', `127.0.0.1:${server.port}`, '--data', server.data]), 1, /newer/);
    assert.deepEqual(readFileSync(file), bytes);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`${signal} says bye, closes with 1001 and exits with 0 within 5 s`, async (t) => {
        const server = await start(t);
        const client = await Client.guest(server);
        await client.ask('subscribe', { room: 'lobby' });
        await client.say('lobby', 'last words');
        const { code, ms } = await server.terminate(signal);
        assert.equal(code, 0);
        assert.ok(ms < 5000 * patience, `${ms} ms`);
        assert.equal((await client.closed).code, 1001);
        const bye = client.all.find((m) => m.type === 'bye');
        assert.equal(bye.code, 1001);
        assert.ok(bye.retry_ms >= 0);
        await server.launch();
        const { events } = await (await Client.connect(server, { token: client.token })).ask('history', { room: 'lobby', limit: 1 });
        assert.equal(events[0].text, 'last words');
    });
}

test('options come from the environment and from a file, too', async (t) => {
    const data = scratch(t);
    const file = join(data, 'parley.conf');
    writeFileSync(file, 'guests="off"\n');
    const server = await start(t, ['--config', file]);
    assert.equal((await api(server, 'sign_in_guest', { user: freshName() })).status, 403);
    const other = await start(t, [], { env: { PARLEY_GUESTS: 'off' } });
    assert.equal((await api(other, 'sign_in_guest', { user: freshName() })).status, 403);
});

test('--static serves files from disk while developing', async (t) => {
    const files = scratch(t);
    writeFileSync(join(files, 'index.html'), '<title>from disk</title>');
    const server = await start(t, ['--static', files]);
    assert.match(await (await fetch(server.url + '/')).text(), /from disk/);
    assert.equal((await fetch(server.url + '/app.js')).status, 200);
    assert.equal((await fetch(server.url + '/%2e%2e%2fetc%2fpasswd')).status, 404);
    rmSync(files, { recursive: true });
    assertRefused(await runToEnd(['--listen', `127.0.0.1:${await freePort()}`, '--static', files]), 1, /static/);
});
