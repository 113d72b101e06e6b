// The sum of bounded things: many connections without accounts that ask for all rooms and read nothing take no more
// memory than --outbox-total says, whoever reads talks as before, and nothing is lost.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Client, freshName } from './clients.mjs';
import { patience, Server } from './server.mjs';
import { fetch, once, until } from './within.mjs';

const mib = 1 << 20;
const totalBytes = 32 * mib, attackers = 150, rooms = 64, eventsInRoom = 100;
const room = (i) => `full-${i}`;

let server;
before(async () => {
    server = await Server.start(['--guests', 'on', '--send-burst', '0', '--outbox-total', String(totalBytes)]);
    const writer = await Client.account(server, freshName('writer'));
    const text = 'x'.repeat(1000);
    for (let i = 0; i < rooms; i++) {
        await writer.ask('create_room', { room: room(i), title: room(i) });
        for (let n = 0; n < eventsInRoom; n += 25)
            await Promise.all(Array.from({ length: 25 }, () => writer.say(room(i), text)));
    }
    await writer.close();
}, { timeout: 120_000 * patience });
after(() => server.stop());

const resident = () => Number(readFileSync(`/proc/${server.child.pid}/statm`, 'utf8').split(' ')[1]) * 4096;

async function figures() {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return (name) => Number(text.match(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'm'))?.[1]);
}

// A masked text frame: RFC 6455, section 5.2.
function frame(text) {
    const body = Buffer.from(text), head = Buffer.alloc(8);
    head.writeUInt8(0x81, 0);
    head.writeUInt8(0x80 | 126, 1);
    head.writeUInt16BE(body.length, 2);
    return Buffer.concat([head, body]);
}

// Asks for every room from its beginning, and never reads again.
async function attack() {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    socket.pause();
    socket.write(`GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
                 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
                 'Sec-WebSocket-Protocol: parley.1\r\n\r\n');
    const resume = Array.from({ length: rooms }, (_, i) => ({ room: room(i), epoch: 1, seq: 0 }));
    socket.write(frame(JSON.stringify({ type: 'hello', client: 'attacker', resume })));
    return socket;
}

// The longest that one message took, of so many, said one after another.
async function slowest(ann, bob, times) {
    let worst = 0;
    for (let i = 0; i < times; i++) {
        const text = `${freshName('said')}`, from = performance.now();
        await Promise.all([bob.hears('lobby', text), ann.say('lobby', text)]);
        worst = Math.max(worst, performance.now() - from);
    }
    return worst;
}

// What every thread of the server keeps once it has read: caches of the database.
async function warmUp(reader) {
    for (let i = 0; i < 4 * rooms; i += 16)
        await Promise.all(Array.from({ length: 16 }, (_, k) =>
            reader.ask('catch_up', { room: room((i + k) % rooms), seq: 0, limit: 200 })));
}

test('150 connections that read nothing stay within --outbox-total, and others talk meanwhile', { timeout: 180_000 * patience }, async () => {
    const [ann, bob] = [await Client.guest(server), await Client.guest(server)];
    for (const one of [ann, bob]) await one.ask('subscribe', { room: 'lobby' });
    await warmUp(ann);
    await slowest(ann, bob, 20);
    const before = resident();
    const sockets = await Promise.all(Array.from({ length: attackers }, attack));
    let most = 0, worst = 0, unread = 0;
    await until('the bound to be met', async () => {
        worst = Math.max(worst, await slowest(ann, bob, 5));
        most = Math.max(most, resident());
        const of = await figures();
        unread = Math.max(unread, of('parley_outbox_unread_bytes'));
        return of('parley_outbox_total_behind_total') > 0;
    }, { ms: 100_000 });
    for (let i = 0; i < 20; i++) {
        worst = Math.max(worst, await slowest(ann, bob, 5));
        most = Math.max(most, resident());
        unread = Math.max(unread, (await figures())('parley_outbox_unread_bytes'));
    }
    const grown = (most - before) / mib;
    console.log(`grown by ${grown.toFixed(1)} MiB, ${(unread / mib).toFixed(1)} MiB unread, slowest ${worst.toFixed(0)} ms`);
    assert.ok(unread <= totalBytes, `${unread} bytes unread`);
    assert.ok(grown < 2.5 * totalBytes / mib, `the server grew by ${grown} MiB`);
    assert.ok(worst < 3000 * patience, `somebody waited ${worst} ms`);
    for (const one of sockets) one.destroy();
    await until('the attackers to be gone', async () => (await figures())('parley_outbox_unread_bytes') === 0);
    await until('memory to go back to the system', () => resident() - before < 0.75 * totalBytes, { ms: 10_000 });
    console.log(`kept ${((resident() - before) / mib).toFixed(1)} MiB`);
    for (const one of [ann, bob]) await one.close();
});

test('a reader that was behind has everything in the end', { timeout: 120_000 * patience }, async () => {
    const behind = async () => (await figures())('parley_outbox_total_behind_total');
    const before = await behind();
    const sockets = await Promise.all(Array.from({ length: attackers }, attack));
    const slow = await Client.guest(server);
    const last = new Map();
    for (let i = 0; i < rooms; i++) last.set(room(i), 0);
    slow.socket.pause();
    for (let i = 0; i < rooms; i++) slow.send({ type: 'subscribe', id: 1000 + i, room: room(i), epoch: 1, seq: 0 });
    await until('somebody to fall behind', async () => await behind() > before, { ms: 60_000 });
    slow.socket.resume();
    for (const one of sockets) one.destroy();
    // As a client does: what a head says and did not come is fetched; who was disconnected comes back.
    const reader = await slow.ask('ping').then(() => slow, () => Client.guest(server));
    for (const name of last.keys()) {
        const seqs = new Set(reader.events(name).map((one) => one.seq));
        for (const one of await reader.log(name)) seqs.add(one.seq);
        for (let seq = 1; seq <= eventsInRoom + 1; seq++) assert.ok(seqs.has(seq), `${name} lacks ${seq}`);
    }
    await reader.close();
});
