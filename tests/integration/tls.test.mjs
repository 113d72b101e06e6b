// The server speaks TLS itself: pages, programs and chat over one port, as without; and what only TLS can get wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { Client, freshName, PlainClient, raw } from './clients.mjs';
import { freePort, runToEnd, Server } from './server.mjs';
import { once } from './within.mjs';

const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
const path = (name) => join(folder, name);

// A certificate for this machine, signed by itself: NAME.crt and NAME.key.
function make(name) {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                             '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
                             '-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)], { stdio: 'ignore' });
    return readFileSync(path(`${name}.crt`));
}
const files = (name, key = name) => ['--tls-cert', path(`${name}.crt`), '--tls-key', path(`${key}.key`)];

let server, ca;
before(async () => {
    ca = make('first');
    server = await Server.start(['--send-burst', '0', '--outbox-bytes', '65536', ...files('first')]);
});
after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
});

// One request over a connection of its own.
async function ask(target, { method = 'GET', headers = {}, body, at = server } = {}) {
    const sent = request(at.url + target, { method, headers, ca, agent: false, servername: 'localhost' });
    sent.end(body);
    const [response] = await once(sent, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, headers: response.headers, text };
}

test('browsers are asked to come over TLS only, but for localhost', async () => {
    const field = async (host) => (await ask('/', { headers: { host } })).headers['strict-transport-security'];
    assert.equal(await field('chat.example'), 'max-age=31536000');
    assert.equal(await field(`localhost:${server.port}`), undefined);
    const plain = await Server.start();
    try {
        const { headers } = await fetch(plain.url, { headers: { 'x-forwarded-proto': 'https' } });
        assert.equal(headers.get('strict-transport-security'), null);
    } finally {
        await plain.stop();
    }
});

// A TLS connection, with what has come over it; `certificate`: whom to trust.
async function secure(options = {}) {
    const socket = tls.connect({ port: server.port, host: '127.0.0.1', ca, ...options });
    socket.received = '';
    socket.on('data', (chunk) => (socket.received += chunk.toString('latin1')));
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    return socket;
}
async function until(socket, matches) {
    while (!matches(socket.received)) await once(socket, 'data');
}
const guest = (options = {}) => Client.connect(server, { ca, ...options });

test('the page is served over https, and the server says so', async () => {
    await server.logged(new RegExp(`listens on https://localhost:${server.port}/`));
    const page = await ask('/');
    assert.equal(page.status, 200);
    assert.match(page.text, /<!doctype html>/i);
    const big = await ask('/parley.wasm');
    assert.equal(big.status, 200);
    const socket = await secure({ ALPNProtocols: ['h2', 'http/1.1'] });
    assert.equal(socket.alpnProtocol, 'http/1.1');
    assert.match(socket.getProtocol(), /^TLSv1\.[23]$/);
    socket.destroy();
});

test('one connection carries many requests, also such as come in pieces', async () => {
    const socket = await secure();
    const question = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    for (const letter of question) socket.write(letter);
    await until(socket, (all) => all.split('200 OK').length === 2);
    socket.write(question.repeat(5));
    await until(socket, (all) => all.split('200 OK').length === 7);
    socket.destroy();
});

test('cookies are for TLS alone, and a page that came without is not the server\'s own', async () => {
    const signedIn = await ask('/api/1/sign_in_guest', { method: 'POST', headers: { 'content-type': 'application/json' },
                                                         body: JSON.stringify({ user: freshName() }) });
    assert.equal(signedIn.status, 200, signedIn.text);
    assert.match(signedIn.headers['set-cookie'][0], /^__Host-parley_session_\d+=.*; Secure/);
    const own = `127.0.0.1:${server.port}`;
    await (await guest({ headers: { Origin: `https://${own}` } })).close();
    await assert.rejects(guest({ headers: { Origin: `http://${own}` } }), /403/);
});

test('what is said is heard; large messages come back whole', async () => {
    const [ann, bob] = [await guest(), await guest()];
    await bob.ask('subscribe', { room: 'lobby' });
    assert.equal((await ann.say('lobby', 'hello over TLS')).type, 'ok');
    await bob.hears('lobby', 'hello over TLS');
    const echo = await PlainClient.connect(server, '/echo', { ca });
    for (const size of [1, 125, 126, 16_384, 16_385, 65_535, 65_536]) {
        const text = `${size}:`.padEnd(size, 'x');
        const answer = echo.next();
        echo.say(text);
        assert.equal(await answer, text);
    }
    // More at once than all buffers between hold: nothing is read while the answers wait.
    const many = Array.from({ length: 300 }, (_, i) => `${i}:`.padEnd(40_000, 'y'));
    echo.all.length = 0;
    const last = echo.next((text) => text.startsWith('299:'));
    for (const text of many) echo.say(text);
    await last;
    assert.deepEqual(echo.all, many);
    for (const one of [ann, bob, echo]) assert.equal((await one.close()).code, 1000);
});

async function metric(at, name) {
    return Number((await ask('/metrics', { at })).text.match(new RegExp(`^${name} (\\d+)`, 'm'))[1]);
}

// Talks to a reader that has stopped until the kernel takes no more for it: it is closed 30 s after that. `isFull` gets the
// newest seq. Gives how many messages that took.
async function fillUp(writer, isFull) {
    for (let count = 4; ; count += 4) {
        const answers = await Promise.all(Array.from({ length: 4 }, (_, k) => writer.say('lobby', `${count}/${k} `.padEnd(16_000, 'x'))));
        if (await isFull(Math.max(...answers.map((one) => one.seq)))) return count;
    }
}

test('a slow reader with room enough gets everything live, in order', { timeout: 120_000 }, async () => {
    const roomy = await Server.start(['--send-burst', '0', '--outbox-bytes', String(64 << 20), ...files('first')]);
    try {
        const slow = await Client.connect(roomy, { ca }), writer = await Client.connect(roomy, { ca });
        await slow.ask('subscribe', { room: 'lobby' });
        slow.socket.pause();
        const count = await fillUp(writer, async () => await metric(roomy, 'parley_outbox_unread_bytes') > 1 << 20);
        await writer.say('lobby', 'the last');
        slow.socket.resume();
        await slow.hears('lobby', 'the last');
        const seqs = slow.events('lobby').map((e) => e.seq);
        assert.ok(seqs.length > count);
        assert.ok(seqs.every((seq, i) => i === 0 || seq === seqs[i - 1] + 1), 'in order, without a gap');
        assert.ok(!slow.all.some((m) => m.type === 'head' && m.room === 'lobby' && m.top > seqs.at(-1)));
    } finally {
        await roomy.stop();
    }
});

test('a reader that stops is behind, and catches up', { timeout: 120_000 }, async () => {
    const [slow, writer, reader] = [await guest(), await guest(), await guest()];
    for (const one of [slow, reader]) await one.ask('subscribe', { room: 'lobby' });
    slow.socket.pause();
    const before = await metric(server, 'parley_behind_total');
    await fillUp(writer, async (newest) => {
        await reader.until((m) => m.type === 'events' && m.events.at(-1).seq >= newest);
        return await metric(server, 'parley_behind_total') > before;
    });
    await writer.say('lobby', 'the last of them');
    await reader.hears('lobby', 'the last of them');
    slow.socket.resume();
    const head = await slow.until((m) => m.type === 'head' && m.room === 'lobby');
    const receivedSeqs = new Set(slow.events('lobby').map((e) => e.seq));
    const held = Math.max(...[...receivedSeqs].filter((seq) => seq < head.top));
    for (const one of await slow.log('lobby', held)) receivedSeqs.add(one.seq);
    for (const { seq } of reader.events('lobby')) assert.ok(receivedSeqs.has(seq), `the slow one has ${seq}`);
    assert.equal((await slow.say('lobby', 'back again')).type, 'ok');
});

test('HTTP without TLS is answered with what the port speaks; anything else is closed', async () => {
    const answer = await raw(server, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /this port speaks https/);
    await raw(server, 'nothing that anyone speaks\r\n\r\n');
    assert.equal((await ask('/healthz')).status, 200);
});

// An upgrade, then a close frame (RFC 6455, section 5.5.1), masked with zeros.
const websocketThatCloses = Buffer.concat([
    Buffer.from('GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
                'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'),
    Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8])]);

// Asks over TLS 1.2, where an alert has a record type of its own (RFC 5246, section 6.2.1), and gives the types of all
// records that the server sent.
async function recordsAnswering(question) {
    let bytes = Buffer.alloc(0), ended;
    const spy = createServer((near) => {
        const far = connect(server.port, '127.0.0.1');
        far.on('data', (chunk) => (bytes = Buffer.concat([bytes, chunk])));
        ended = once(far, 'end');
        near.on('error', () => {});  // our own client leaves
        near.pipe(far).pipe(near);
    }).listen(0, '127.0.0.1');
    await once(spy, 'listening');
    const socket = await secure({ port: spy.address().port, maxVersion: 'TLSv1.2' });
    socket.write(question);
    await ended;
    socket.destroy();
    spy.close();
    const types = [];
    for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) types.push(bytes[at]);
    return types;
}

test('who has asked for the end is told the end: close_notify, on HTTP and after a WebSocket', async () => {
    const alert = 21;
    for (const question of ['GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', websocketThatCloses])
        assert.equal((await recordsAnswering(question)).at(-1), alert, question.toString());
});

test('a handshake that dribbles is over after 10 s, and delays nobody', { timeout: 90_000 }, async () => {
    const from = performance.now();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    const hello = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);
    let sent = 0;
    const drip = setInterval(() => socket.write(Buffer.from([hello[sent++] ?? 0])), 500);
    const silent = connect(server.port, '127.0.0.1');
    silent.on('error', () => {});
    const silentClosed = once(silent, 'close');
    while (performance.now() - from < 3000) assert.equal((await ask('/healthz')).status, 200);
    await Promise.all([closed, silentClosed]);
    clearInterval(drip);
    const took = performance.now() - from;
    assert.ok(took > 8000 && took < 30_000, `${took} ms`);
});

test('a head that dribbles inside TLS is answered with 408', { timeout: 90_000 }, async () => {
    const socket = await secure();
    socket.write('GET / HT');
    await once(socket, 'end');
    assert.match(socket.received, /^HTTP\/1\.1 408 /);
});

test('a peer that renegotiates is not followed', async () => {
    const socket = await secure({ maxVersion: 'TLSv1.2' });
    socket.renegotiate({}, () => {});
    const [refused] = await once(socket, 'error');
    assert.equal(refused.code, 'ERR_SSL_NO_RENEGOTIATION');
    socket.destroy();
    await assert.rejects(secure({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }));
});

test('a certificate that was renewed is served after SIGHUP; who is connected stays', async () => {
    copyFileSync(path('first.crt'), path('live.crt'));
    copyFileSync(path('first.key'), path('live.key'));
    const served = await Server.start(files('live'));
    // The name in the certificate that new connections see.
    const seen = async () => {
        const socket = tls.connect({ port: served.port, host: '127.0.0.1', rejectUnauthorized: false });
        await once(socket, 'secureConnect');
        const name = socket.getPeerCertificate().subject.CN;
        socket.destroy();
        return name;
    };
    try {
        const member = await Client.connect(served, { ca });
        assert.equal(await seen(), 'first');
        make('second');
        copyFileSync(path('second.crt'), path('live.crt'));
        served.child.kill('SIGHUP');
        await served.logged(/the certificate stays as it was/);
        await served.logged(/live\.key does not belong to the certificate/);
        assert.equal(await seen(), 'first');
        copyFileSync(path('second.key'), path('live.key'));
        served.child.kill('SIGHUP');
        await served.logged(/the certificate was read again/);
        assert.equal(await seen(), 'second');
        assert.equal((await member.say('lobby', 'still here')).type, 'ok');
        assert.equal((await served.terminate()).code, 0);
        assert.equal((await member.closed).code, 1001);
    } finally {
        await served.stop();
    }
});

test('files that are missing, do not match or are no PEM: one clear line', async () => {
    make('other');
    writeFileSync(path('garbage.crt'), 'this is no certificate');
    const start = async (...flags) => {
        const data = mkdtempSync(join(tmpdir(), 'parley-test-'));
        const { code, stderr } = await runToEnd(['--listen', `127.0.0.1:${await freePort()}`, '--data', data, ...flags]);
        rmSync(data, { recursive: true });
        assert.equal(stderr.trim().split('\n').length, 1, stderr);
        return `${code} ${stderr}`;
    };
    assert.match(await start('--tls-cert', path('first.crt')), /^2 .*--tls-key/);
    assert.match(await start('--tls-key', path('first.key')), /^2 .*--tls-cert/);
    assert.match(await start('--tls-cert', '', '--tls-key', ''), /^2 .*--tls-cert/);
    assert.match(await start(...files('none', 'first')), /^1 .*none\.crt: No such file/);
    assert.match(await start(...files('first', 'none')), /^1 .*none\.key: No such file/);
    assert.match(await start(...files('first', 'other')), /^1 .*other\.key does not belong to the certificate in .*first\.crt/);
    assert.match(await start(...files('garbage', 'first')), /^1 .*garbage\.crt holds no usable certificate/);
});
