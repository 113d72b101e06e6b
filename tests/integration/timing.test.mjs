// Rows that are about time: E2 (signs of life) and E3 (slow readers), on a server of their own.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { Client, freshNonce } from './clients.mjs';
import { patience, Server } from './server.mjs';
import { fetch, once } from './within.mjs';

const handshake = (server, path, subprotocol) =>
    [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, 'Upgrade: websocket', 'Connection: Upgrade',
     'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
     ...(subprotocol ? [`Sec-WebSocket-Protocol: ${subprotocol}`] : []), '', ''].join('\r\n');

// How often a reader fell behind, so far.
async function behind(server) {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(text.match(/^parley_behind_total (\d+)$/m)[1]);
}

// Fills what the kernel holds for a reader that has stopped, and the outbox behind it. `answered` gets the answers, which
// come in groups: of as much as an outbox takes, so that nobody else falls behind.
async function fillUp(server, writer, answered = () => {}) {
    const text = 'x'.repeat(16_000), before = await behind(server);
    while (await behind(server) === before)
        await answered(await Promise.all(Array.from({ length: 4 }, () => writer.say('lobby', text))));
}

describe('what takes its time', { concurrency: true }, () => {
test('E2: a client that answers pings stays, one that stops answering is gone in 60 s', { timeout: 100_000 }, async () => {
    const server = await Server.start();
    try {
        const alive = await Client.guest(server);
        const silent = connect(server.port, '127.0.0.1');
        await once(silent, 'connect');
        silent.write(handshake(server, '/ws'));
        let pinged = false;
        silent.on('data', (chunk) => { if (chunk.includes(Buffer.from([0x89, 0x00]))) pinged = true; });
        silent.on('error', () => {});
        const from = performance.now();
        await once(silent, 'close', { ms: 75_000 });
        const seconds = (performance.now() - from) / 1000;
        assert.ok(seconds > 50 && seconds < 75, `closed after ${seconds} s`);
        assert.ok(pinged, 'it was pinged before');
        assert.equal((await alive.ask('ping')).type, 'ok');
    } finally {
        await server.stop();
    }
});

test('an idle HTTP connection outlasts the 60 s that nginx keeps one, so that nginx closes first', { timeout: 120_000 }, async () => {
    const server = await Server.start();
    try {
        const idle = connect(server.port, '127.0.0.1');
        idle.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
        await once(idle, 'data');
        const from = performance.now();
        await once(idle, 'close', { ms: 90_000 });
        const seconds = (performance.now() - from) / 1000;
        assert.ok(seconds > 70 && seconds < 90, `closed after ${seconds} s`);
    } finally {
        await server.stop();
    }
});

test('a reader that takes nothing for 30 s is closed with 4001; nobody else is', { timeout: 100_000 * patience }, async () => {
    const server = await Server.start(['--send-burst', '0', '--outbox-bytes', '65536']);
    try {
        const stalled = await Client.guest(server), writer = await Client.guest(server);
        for (const one of [stalled, writer]) await one.ask('subscribe', { room: 'lobby' });
        stalled.socket.pause();
        const from = performance.now();
        await fillUp(server, writer);
        const full = performance.now();
        await server.logged(/level=info .*code=4001/);
        const [sinceFrom, sinceFull] = [from, full].map((begun) => (performance.now() - begun) / 1000);
        assert.ok(sinceFrom > 29 && sinceFull < 45 * patience, `closed after ${sinceFrom} s, ${sinceFull} s after it was behind`);
        stalled.socket.resume();
        assert.equal((await stalled.closed).code, 4001);
        assert.equal((await writer.say('lobby', 'still here')).type, 'ok');
    } finally {
        await server.stop();
    }
});
});

test('E3: a reader that stops delays nobody, and has every message after it resumes', { timeout: 60_000 * patience }, async () => {
    const server = await Server.start(['--send-burst', '0', '--outbox-bytes', '65536']);
    try {
        const slow = await Client.guest(server), writer = await Client.guest(server), reader = await Client.guest(server);
        for (const one of [slow, reader]) await one.ask('subscribe', { room: 'lobby' });
        slow.socket.pause();
        // Not much more than the kernel takes: the slow one has 30 s.
        await fillUp(server, writer, async (answers) => {
            for (const answer of answers) assert.equal(answer.type, 'ok');
            const newest = Math.max(...answers.map((one) => one.seq));
            await reader.until((m) => m.type === 'events' && m.events.at(-1).seq >= newest);
        });
        const { seq: last } = await writer.say('lobby', 'the last');
        await reader.hears('lobby', 'the last');
        const read = reader.events('lobby').map((e) => e.seq);
        assert.ok(read.every((seq, i) => i === 0 || seq === read[i - 1] + 1), 'the others miss nothing');

        slow.socket.resume();
        const head = await slow.until((m) => m.type === 'head' && m.room === 'lobby');
        assert.ok(head.top <= last);
        const received = new Set(slow.events('lobby').map((e) => e.seq));
        assert.ok(read.some((seq) => !received.has(seq)), 'it was behind');
        const held = Math.max(...[...received].filter((seq) => seq < head.top));
        for (const one of await slow.log('lobby', held)) received.add(one.seq);
        for (const seq of read) assert.ok(received.has(seq), `the slow one has ${seq}`);
        assert.equal((await slow.say('lobby', freshNonce())).type, 'ok');
    } finally {
        await server.stop();
    }
});
