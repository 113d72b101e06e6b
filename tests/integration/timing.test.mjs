// Rows that are about time: E2 (signs of life) and E3 (slow readers), on a server of their own.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { Client, freshNonce } from './clients.mjs';
import { patience, Server } from './server.mjs';
import { once } from './within.mjs';

const handshake = (server, path, subprotocol) =>
    [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, 'Upgrade: websocket', 'Connection: Upgrade',
     'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
     ...(subprotocol ? [`Sec-WebSocket-Protocol: ${subprotocol}`] : []), '', ''].join('\r\n');

// Fills what the kernel holds for a reader that has stopped, and the outbox behind it.
async function fillUp(writer) {
    const text = 'x'.repeat(16_000);
    for (let i = 0; i < 1500; i += 16) await Promise.all(Array.from({ length: 16 }, () => writer.say('lobby', text)));
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
        await fillUp(writer);
        await server.logged(/level=info .*code=4001/, { ms: 60_000 });
        const seconds = (performance.now() - from) / 1000;
        assert.ok(seconds > 29 && seconds < 60 * patience, `closed after ${seconds} s`);
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
        const text = 'x'.repeat(16_000);
        const count = 1500 / Math.min(patience, 2);  // more than the kernel takes; the slow one has 30 s
        for (let i = 0; i < count; i += 16) {
            const batch = Array.from({ length: Math.min(16, count - i) }, () => writer.say('lobby', text));
            const answers = await Promise.all(batch);
            for (const answer of answers) assert.equal(answer.type, 'ok');
            const newest = Math.max(...answers.map((one) => one.seq));
            await reader.until((m) => m.type === 'events' && m.events.at(-1).seq >= newest);
        }
        const { seq: last } = await writer.say('lobby', 'the last');
        await reader.hears('lobby', 'the last');
        const read = reader.events('lobby').map((e) => e.seq);
        assert.ok(read.every((seq, i) => i === 0 || seq === read[i - 1] + 1), 'the others miss nothing');

        slow.socket.resume();
        const head = await slow.until((m) => m.type === 'head' && m.room === 'lobby');
        assert.ok(head.top <= last);
        const received = new Set(slow.events('lobby').map((e) => e.seq));
        assert.ok(received.size < count, 'it was behind');
        for (let after = Math.max(...[...received].filter((seq) => seq < head.top)); after < last;) {
            const { events } = await slow.ask('history', { room: 'lobby', after, limit: 200 });
            for (const one of events) received.add(one.seq);
            after = events.at(-1).seq;
        }
        for (const seq of read) assert.ok(received.has(seq), `the slow one has ${seq}`);
        assert.equal((await slow.say('lobby', freshNonce())).type, 'ok');
    } finally {
        await server.stop();
    }
});
