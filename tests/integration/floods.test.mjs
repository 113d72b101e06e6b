// A client that sends too much, too fast or too slowly, or connects too often, is limited; nobody else notices.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, test } from 'node:test';
import WebSocket from 'ws';
import { api, Client, freshName, PlainClient, raw } from './clients.mjs';
import { Server } from './server.mjs';
import { fetch, once, until, within } from './within.mjs';

async function withServer(flags, play, options) {
    const server = await Server.start(flags, options);
    try {
        await play(server);
    } finally {
        await server.stop();
    }
}

// A raw connection that keeps what it receives, and never closes its side by itself.
function open(server, { from = '127.0.0.1', say = '' } = {}) {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true });
    socket.received = '';
    socket.on('data', (chunk) => (socket.received += chunk.toString('latin1'))).on('error', () => {});
    const ended = new Promise((resolve) => socket.on('end', resolve).on('close', resolve));
    socket.over = () => within(ended, 'the end of a raw connection', { detail: () => `; it received: ${socket.received}` });
    socket.write(say);
    return socket;
}
const get = (server, fields = '') => `GET /healthz HTTP/1.1\r\nHost: x:${server.port}\r\n${fields}\r\n`;
const status = async (server, options) => {
    const socket = open(server, { say: get(server, 'Connection: close\r\n'), ...options });
    await socket.over();
    socket.destroy();
    return Number(socket.received.slice(9, 12));
};

// The status of a handshake that is refused, or 101.
function handshake(server, path, headers = {}, kept = []) {
    return within(new Promise((resolve) => {
        const socket = new WebSocket(server.ws + path, { headers });
        kept.push(socket);
        socket.on('open', () => resolve(101)).on('error', () => {});
        socket.on('unexpected-response', (_, answer) => (answer.resume(), resolve(answer.statusCode)));
    }), 'the answer to a handshake');
}

// Processor time that the server has used, in seconds (proc(5): utime and stime, a hundred ticks a second).
function cpu(server) {
    const fields = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
}

// What somebody says while `flood` goes on reaches somebody else.
async function othersTalkDuring(server, flood) {
    const [ann, bob] = [await Client.connect(server), await Client.connect(server)];
    await bob.ask('subscribe', { room: 'lobby' });
    await flood();
    assert.equal((await ann.say('lobby', 'still here')).type, 'ok');
    await bob.hears('lobby', 'still here');
    ann.socket.terminate();
    bob.socket.terminate();
}

describe('what takes its time', { concurrency: true }, () => {
    test('out of descriptors it neither dies nor spins, and recovers', { timeout: 120_000 }, () =>
        withServer(['--max-connections', '1000'], async (server) => {
            const sockets = [];
            await othersTalkDuring(server, async () => {
                for (let i = 0; i < 100; i++) sockets.push(open(server));
                await server.logged(/cannot accept/);
            });
            const before = cpu(server);
            await sockets[0].over();  // it has said nothing for 10 s
            assert.ok(cpu(server) - before < 1, `${cpu(server) - before} s of processor time`);
            assert.ok(server.log.match(/cannot accept/g).length < 5);  // once for each shortage
            for (const one of sockets) one.destroy();
            assert.equal(await status(server), 200);
        }, { descriptors: 64 }));

    test('who says nothing, or dribbles a head, is given 10 s', { timeout: 120_000 }, () =>
        withServer([], async (server) => {
            const from = performance.now();
            const silent = open(server), slow = open(server), late = open(server);
            const head = `GET /ws HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(1000)}`;
            let sent = 0;
            const dribble = setInterval(() => slow.write(head[sent++]), 100);
            late.write(head);
            await Promise.all([silent.over(), slow.over(), late.over()]);
            clearInterval(dribble);
            const ms = performance.now() - from;
            assert.ok(ms > 9_000 && ms < 30_000, `${ms} ms`);
            assert.equal(silent.received, '');
            for (const one of [slow, late]) assert.match(one.received, /^HTTP\/1\.1 408 /);
            for (const one of [silent, slow, late]) one.destroy();
        }));

    test('a flood of bytes is read as fast as is allowed, and nothing of it is lost', { timeout: 120_000 }, () =>
        withServer(['--send-burst', '2', '--send-rate', '2'], async (server) => {
            const flood = await Client.connect(server), last = 40, from = performance.now();
            await othersTalkDuring(server, async () => {
                for (let id = 1; id <= last; id++)
                    flood.socket.send(JSON.stringify({ type: 'ping', id }).padEnd(16 * 1024));
                await flood.until((m) => m.id === 1);
            });
            await flood.until((m) => m.id === last);
            // 128 KiB at once and 128 KiB a second; nothing is paid for the last read.
            const ms = performance.now() - from;
            assert.ok(ms > 3000, `all of it was read in ${ms} ms`);
            assert.equal(flood.all.filter((m) => m.type === 'ok').length, last);
            await flood.close();
        }));
});

test('a head is bounded in bytes and in fields before it is complete', () =>
    withServer([], async (server) => {
        for (const fields of [`X: ${'y'.repeat(40_000)}`, 'X: y\r\n'.repeat(500) + '\r\n'])
            assert.match(await raw(server, `GET / HTTP/1.1\r\nHost: x\r\n${fields}`, (all) => all.includes('\r\n\r\n')),
                         /^HTTP\/1\.1 431 /);
    }));

test('a flood of pings closes with 4100, a heartbeat does not', () =>
    withServer([], async (server) => {
        const heart = await Client.connect(server);
        let pongs = 0;
        heart.socket.on('pong', () => ++pongs);
        for (let i = 0; i < 50; i++) heart.socket.ping();
        assert.equal((await heart.ask('ping')).type, 'ok');
        assert.equal(pongs, 50);
        for (const kind of ['ping', 'pong']) {
            const flood = await Client.connect(server);
            await othersTalkDuring(server, async () => { for (let i = 0; i < 300; i++) flood.socket[kind](); });
            assert.equal((await flood.closed).code, 4100, kind);
        }
        assert.equal((await heart.ask('ping')).type, 'ok');
        await heart.close();
    }));

for (const [name, burst, request] of [
    ['sends', 30, (id) => ({ type: 'send', id, room: 'lobby', nonce: `n${id}`, text: 'x' })],
    ['joins', 30, (id) => ({ type: 'join', id, room: 'lobby' })],
    ['look-ups', 128, (id) => ({ type: 'unsubscribe', id, room: 'lobby' })],
])
    test(`a flood of ${name} is refused with \`rate\` and retry_ms, then closes with 4100`, () =>
        withServer([], async (server) => {
            const flood = await Client.guest(server);
            for (let id = 1; id <= burst; id++) flood.send(request(id));
            for (let id = 1; id <= burst; id++) assert.equal((await flood.until((m) => m.id === id)).type, 'ok');
            await othersTalkDuring(server, async () => {
                for (let id = burst + 1; id <= burst + 300; id++) flood.send(request(id));
                await flood.until((m) => m.type === 'error');
            });
            assert.equal((await flood.closed).code, 4100);
            const refused = flood.all.filter((m) => m.type === 'error');
            assert.deepEqual([...new Set(refused.map((m) => m.code))], ['rate']);
            assert.ok(refused.length > 100 && refused.every((m) => m.retry_ms > 0 && m.retry_ms <= 200));
            const back = await Client.connect(server, { token: flood.token });
            assert.equal(back.welcome.type, 'welcome');
            await back.close();
        }));

test('--send-burst 0 lets one connection send as fast as it can', () =>
    withServer(['--send-burst', '0'], async (server) => {
        const client = await Client.guest(server);
        for (let i = 0; i < 2000; i += 25) {
            const answers = await Promise.all(Array.from({ length: 25 }, () => client.say('lobby', 'x'.repeat(200))));
            assert.ok(answers.every((one) => one.type === 'ok'));
        }
        await client.close();
    }));

test('a user has so many connections over all shards, and one more when one has gone', () =>
    withServer(['--max-connections-per-user', '3', '--shards', '2'], async (server) => {
        const first = await Client.guest(server);
        const come = () => Client.connect(server, { token: first.token, hello: false });
        const others = [await come(), await come()];
        const fourth = await come();
        assert.deepEqual(await fourth.closed, { code: 4105, reason: 'too many connections of this user' });
        assert.equal((await first.ask('ping')).type, 'ok');
        const somebodyElse = await Client.guest(server);
        others[0].socket.terminate();
        for (let code; code !== 'in';) {
            const next = await come();
            const welcomed = next.until((m) => m.type === 'welcome').then(() => 'in', () => 'out');
            next.send({ type: 'hello', client: 'test' });
            code = await welcomed;
        }
        await somebodyElse.close();
    }));

test('guests of one name are counted, those without a name are not', () =>
    withServer(['--max-connections-per-user', '2'], async (server) => {
        const come = (path) => PlainClient.connect(server, path);
        const named = [await come('/ws?name=ann'), await come('/ws?name=ann')];
        assert.equal((await (await come('/ws?name=ann')).closed).code, 4105);
        const unnamed = await Promise.all(Array.from({ length: 5 }, () => come('/ws')));
        unnamed[4].say('hello');
        await named[0].until((line) => line === 'hello');
        // A name that is proved does not share with one that is not.
        const { body } = await api(server, 'sign_in_guest', { user: 'bob' });
        const bob = await Client.connect(server, { token: body.token });
        assert.equal(bob.welcome.type, 'welcome');
        for (const one of [...named, ...unnamed, bob]) one.socket.terminate();
    }));

// An address of this machine that is not a loopback one: nothing leaves the machine all the same.
const own = Object.values(networkInterfaces()).flat().find((one) => !one.internal && one.family === 'IPv4')?.address;

test('an address has so many connections, and one more when one has gone', { skip: own ? false : 'no address but loopback' }, () =>
    withServer(['--max-connections-per-address', '3'], async (server) => {
        const kept = Array.from({ length: 3 }, () => open(server, { from: own, say: get(server) }));
        await Promise.all(kept.map((one) => once(one, 'data')));
        assert.equal(await status(server, { from: own }), 429);
        assert.equal(await status(server), 200);
        kept[0].destroy();
        await until('one more to be let in', async () => await status(server, { from: own }) === 200);
        for (const one of kept) one.destroy();
    }));

test('this machine may have any number of connections, from each of its loopback addresses', () =>
    withServer(['--max-connections-per-address', '3'], async (server) => {
        for (const from of ['127.0.0.1', '127.0.0.2']) {
            const kept = Array.from({ length: 10 }, () => open(server, { from, say: get(server) }));
            await Promise.all(kept.map((one) => once(one, 'data')));
            assert.ok(kept.every((one) => one.received.startsWith('HTTP/1.1 200')));
            for (const one of kept) one.destroy();
        }
    }));

test('behind a proxy those are counted for whom it connects, an IPv6 network as one', () =>
    withServer(['--max-connections-per-address', '3', '--guests', 'on'], async (server) => {
        const kept = [];
        const come = (address) => handshake(server, '/ws', { 'x-forwarded-for': address }, kept);
        for (const addresses of [Array(3).fill('203.0.113.7'), ['2001:db8::1', '2001:db8::2', '2001:db8::3:4']]) {
            for (const one of addresses) assert.equal(await come(one), 101);
            assert.equal(await come(addresses[2]), 429);
        }
        assert.equal(await come('203.0.113.8'), 101);
        assert.equal(await come('2001:db8:0:1::1'), 101);
        kept[0].terminate();
        await until('a connection to be free again', async () => await come('203.0.113.7') === 101);
        for (const one of kept) one.terminate();
    }));

test('rooms that plain text opens, and requests that the ledger answers, are paced for each address', () =>
    withServer(['--guests', 'on', '--shards', '1'], async (server) => {
        const kept = [], address = '203.0.113.9';
        const come = (room) => handshake(server, `/ws?room=${room}`, { 'x-forwarded-for': address }, kept);
        const found = [];
        for (let i = 0; i < 200 && found.at(-1) !== 429; i++) found.push(await come(`room${i}`));
        assert.ok(found.length > 30, `${found.length - 1} passed`);
        assert.deepEqual([...new Set(found)], [101, 429]);
        assert.equal(await come('room0'), 101);
        for (const one of kept) one.terminate();
        const request = `POST /api/1/whoami HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\n` +
            'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
        const bytes = request.repeat(4000) + get(server, 'Connection: close\r\n'), from = performance.now();
        const answers = (await raw(server, bytes)).match(/HTTP\/1\.1 \d+|"retry_ms":\d+/g);
        const seconds = (performance.now() - from) / 1000;
        const count = (text) => answers.filter((one) => one.includes(text)).length;
        // 2000 at once and 200 a second.
        assert.ok(count(' 200') > 1900 && count(' 200') <= 2010 + 200 * seconds, `${count(' 200')} passed in ${seconds} s`);
        assert.ok(count(' 429') > 0);
        assert.equal(count('retry_ms'), count(' 429'));
        const other = await fetch(`${server.url}/api/1/whoami`, { method: 'POST', body: '{}',
            headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.10' } });
        assert.equal(other.status, 200);
    }));

test('a connection that is turned away gets an answer, whatever it has sent; those who stay on are few, and soon gone', () =>
    withServer(['--max-connections', '1'], async (server) => {
        const member = await PlainClient.connect(server);
        // It reads nothing before it has said all that it has to say.
        const talker = open(server);
        talker.pause();
        for (let i = 0; i < 20; i++)
            await within(new Promise((resolve) => talker.write('x'.repeat(1000), resolve)), 'the kernel to take bytes');
        talker.resume();
        await talker.over();
        assert.match(talker.received, /^HTTP\/1\.1 503 [^]*\r\nRetry-After: 5\r\n/i);
        talker.destroy();
        const stubborn = Array.from({ length: 200 }, () => open(server, { say: get(server) }));
        await Promise.all(stubborn.map((one) => one.over()));
        const refused = stubborn.filter((one) => one.received.startsWith('HTTP/1.1 503')).length;
        assert.ok(refused >= 60, `${refused} were refused`);
        for (const one of stubborn) one.destroy();
        member.say('still here');
        await member.until((line) => line === 'still here');
        await member.close();
        await until('a connection to be free again', async () => await status(server) === 200);
    }));
