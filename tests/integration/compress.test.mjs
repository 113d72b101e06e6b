// permessage-deflate (RFC 7692): what is agreed on, what travels compressed, and what is refused. The far end is `ws`
// with zlib, and bytes of our own where it would not send such.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { Client, PlainClient, raw } from './clients.mjs';
import { patience, Server } from './server.mjs';
import { fetch, until } from './within.mjs';

const flags = ['--compress', '--send-burst', '0'];
let server, plainly;
before(async () => {
    server = await Server.start(flags);
    plainly = await Server.start();
});
after(() => Promise.all([server?.stop(), plainly?.stop()]));

const prose = readFileSync(new URL('../../shared/PROTOCOL.md', import.meta.url), 'latin1').replace(/[^ -~]+/g, ' ');
const everything = { perMessageDeflate: { threshold: 0 } };

const agreed = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
function upgrade(offer, path = '/echo') {
    return 'GET ' + path + ' HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
        (offer ? `Sec-WebSocket-Extensions: ${offer}\r\n` : '') + '\r\n';
}
const ended = (all) => all.includes('\r\n\r\n');
async function answerTo(at, offer, path) {
    const answer = await raw(at, upgrade(offer, path), ended);
    assert.match(answer, /^HTTP\/1\.1 101 /);
    return answer.match(/^Sec-WebSocket-Extensions: (.*?)\r$/im)?.[1];
}

// A client's frame, masked with zeros.
function frame(first, payload) {
    const bytes = Buffer.from(payload);
    let head = Buffer.from([first, 0x80 | bytes.length]);
    if (bytes.length > 65_535) head = Buffer.from([first, 0xff, 0, 0, 0, 0, 0, bytes.length >> 16, bytes.length >> 8, bytes.length]);
    else if (bytes.length > 125) head = Buffer.from([first, 0xfe, bytes.length >> 8, bytes.length]);
    return Buffer.concat([head, Buffer.alloc(4), bytes]);
}
const deflated = (bytes, options = {}) =>
    deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, ...options }).subarray(0, -4);

const closeCode = (answer) => {
    const at = answer.lastIndexOf('\x88');
    return at < 0 ? 0 : answer.charCodeAt(at + 2) * 256 + answer.charCodeAt(at + 3);
};
const closes = (answer) => closeCode(answer) >= 1000;
const talk = (at, frames, enough = closes) =>
    raw(at, Buffer.concat([Buffer.from(upgrade('permessage-deflate')), ...frames]), enough);

async function metric(at, name) {
    const text = await (await fetch(`${at.url}/metrics`)).text();
    return Number(text.match(new RegExp(`^${name} (\\d+)`, 'm'))[1]);
}

test('without --compress nothing is agreed on, and a compressed frame is a breach', async () => {
    for (const path of ['/echo', '/ws']) assert.equal(await answerTo(plainly, 'permessage-deflate', path), undefined);
    assert.equal(closeCode(await talk(plainly, [frame(0xc1, deflated('hello'))])), 1002);
    const echo = await PlainClient.connect(plainly, '/echo', everything);
    assert.equal(echo.socket.extensions, '');
    await echo.close();
});

test('offers are answered as RFC 7692 says', async () => {
    for (const path of ['/echo', '/ws']) assert.equal(await answerTo(server, 'permessage-deflate', path), agreed);
    assert.equal(await answerTo(server, 'permessage-deflate; client_max_window_bits'), agreed);
    assert.equal(await answerTo(server, 'permessage-deflate; server_max_window_bits=15'), agreed + '; server_max_window_bits=15');
    assert.equal(await answerTo(server, 'permessage-deflate; server_max_window_bits=10, permessage-deflate'), agreed);
    for (const declined of [undefined, 'permessage-deflate; server_max_window_bits=10', 'permessage-deflate; other',
                            'permessage-deflate; client_max_window_bits=99', 'x-webkit-deflate-frame'])
        assert.equal(await answerTo(server, declined), undefined, declined);
});

test('who did not agree may not compress', async () => {
    assert.equal(closeCode(await raw(server, Buffer.concat([Buffer.from(upgrade()), frame(0xc1, deflated('hello'))]), closes)), 1002);
});

test('messages of every length and kind come back', { timeout: 60_000 * patience }, async () => {
    for (const perMessageDeflate of [{ threshold: 0 }, { threshold: 0, clientMaxWindowBits: 9 },
                                     { threshold: 0, serverNoContextTakeover: true, zlibDeflateOptions: { level: 9 } }]) {
        const echo = await PlainClient.connect(server, '/echo', { perMessageDeflate });
        assert.equal(echo.socket.extensions, 'permessage-deflate');
        const sizes = [0, 1, 5, 125, 126, 255, 256, 257, 511, 512, 513, 1535, 1536, 1537, 16384, 65535, 65536];
        // Messages, here and in a row, that Beast's own inflating (1.81) ends the connection for: Beast issue 3028.
        for (let size = 4095; size < 4330; size += 4) sizes.push(size);
        for (let size = 8204; size < 8264; size += 4) sizes.push(size);
        const messages = sizes.flatMap((size) => [prose.repeat(3).slice(0, size), 'x'.repeat(size), randomBytes(size)]);
        for (const one of messages) echo.socket.send(one);
        await echo.until(() => echo.all.length === messages.length);
        messages.forEach((one, i) => assert.ok(Buffer.compare(Buffer.from(one), Buffer.from(echo.all[i])) === 0, `message ${i}`));
        await echo.close();
    }
});

test('fragments, with a ping between them and uncompressed messages around, are one message', async () => {
    const whole = deflated(prose.slice(0, 2000));
    const plain = frame(0x81, 'as it is');
    const pieces = [frame(0x41, whole.subarray(0, 1)), frame(0x89, 'p'), frame(0x00, ''), frame(0x00, whole.subarray(1, 700)),
                    frame(0x80, whole.subarray(700))];
    // The server's own frames: an echo of that length is compressed.
    const all = Buffer.from(await talk(server, [plain, ...pieces, plain, frame(0x88, Buffer.from([3, 232]))], () => false), 'latin1');
    const text = all.toString('latin1');
    assert.match(text, /\x8a\x01p/);
    assert.equal(text.split('\x81\x08as it is').length, 3);
    const at = all.indexOf(0xc1, text.indexOf('\r\n\r\n'));
    const length = all.readUInt16BE(at + 2);
    const tail = Buffer.from([0, 0, 0xff, 0xff]);
    const payload = inflateRawSync(Buffer.concat([all.subarray(at + 4, at + 4 + length), tail]), { finishFlush: constants.Z_SYNC_FLUSH });
    assert.equal(payload.toString(), prose.slice(0, 2000));
});

test('what breaks the rules closes with its code', async () => {
    const good = deflated('Hello');
    const cases = [
        ['compressed ping', frame(0xc9, good), 1002],
        ['compressed close', frame(0xc8, good), 1002],
        ['RSV1 on a continuation', Buffer.concat([frame(0x41, good.subarray(0, 3)), frame(0xc0, good.subarray(3))]), 1002],
        ['RSV2', frame(0xa1, 'x'), 1002],
        ['RSV1 and RSV3', frame(0xd1, good), 1002],
        ['RSV1 on an unknown opcode', frame(0xc3, good), 1002],
        ['a message within a message', Buffer.concat([frame(0x41, good), frame(0xc1, good)]), 1002],
        ['not deflate', frame(0xc1, Buffer.alloc(20, 0xff)), 1007],
        ['cut off', frame(0xc1, deflated(prose.slice(0, 500)).subarray(0, 200)), 1007],
        ['no payload at all', frame(0xc1, ''), 1007],
        ['the window of an earlier message', Buffer.concat([frame(0xc1, good), frame(0xc1, Buffer.from([0xf2, 0, 0x11, 0, 0]))]), 1007],
        ['bad UTF-8', frame(0xc1, deflated(Buffer.from([0xc3]))), 1007],
    ];
    for (const [name, bytes, code] of cases) assert.equal(closeCode(await talk(server, [bytes])), code, name);
    // BFINAL may be set (RFC 7692, section 7.2.3.4).
    assert.match(await talk(server, [frame(0xc1, Buffer.from([0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00]))],
                            (all) => all.includes('Hello')), /\x81\x05Hello/);
});

test('one byte more than the limit closes with 1009, compressed or not', async () => {
    for (const [compress, bytes] of [[true, 'x'.repeat(65_537)], [false, 'x'.repeat(65_537)], [true, randomBytes(65_537)],
                                     [false, 'x'.repeat(1 << 20)], [true, randomBytes(1 << 20)]]) {
        const echo = await PlainClient.connect(server, '/echo', everything);
        echo.socket.send(bytes, { compress });
        assert.equal((await echo.closed).code, 1009);
    }
});

function usage(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
    const kib = Number(readFileSync(`/proc/${pid}/status`, 'latin1').match(/VmHWM:\s+(\d+)/)[1]);
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, kib };
}
const ownCpuMs = () => Object.values(process.cpuUsage()).reduce((sum, us) => sum + us / 1000, 0);

test('a bomb closes with 1009 and costs little', async () => {
    const packed = deflated(Buffer.alloc(64 << 20));  // 64 KB for 64 MB
    const bomb = frame(0xc1, packed);
    assert.ok(bomb.length < 70_000);
    const begun = ownCpuMs();
    inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
    const unpackedMs = ownCpuMs() - begun;
    await talk(server, [bomb]);
    const first = usage(server.child.pid);
    for (let i = 0; i < 5; i++)
        for (const answer of await Promise.all(Array.from({ length: 20 }, () => talk(server, [bomb]))))
            assert.equal(closeCode(answer), 1009);
    const last = usage(server.child.pid);
    const cpuMs = last.cpuMs - first.cpuMs;
    assert.ok(cpuMs < 8 * unpackedMs * patience, `${cpuMs} ms for 100 bombs, ${unpackedMs} ms to unpack one`);
    if (patience > 1) return;  // a sanitizer keeps what is freed
    assert.ok(last.kib - first.kib < 16 << 10, `${last.kib - first.kib} KiB more`);
});

test('a broadcast is compressed once, whoever reads it', { timeout: 60_000 * patience }, async () => {
    const room = 'packed', members = [];
    for (let i = 0; i < 40; i++) members.push(await Client.connect(server, { ws: everything }));
    const bare = await Client.connect(server, { ws: { perMessageDeflate: false } });
    const lines = await PlainClient.connect(server, `/ws?room=${room}`);
    await members[0].ask('create_room', { room });
    for (const one of [...members, bare]) await one.ask('subscribe', { room });
    await until('the connections of earlier tests to be gone', async () => await metric(server, 'parley_compressed_connections') === 41);

    const before = await metric(server, 'parley_broadcasts_compressed_total');
    await members[0].say(room, 'short');
    for (const one of [...members, bare]) await one.hears(room, 'short');
    assert.equal(await metric(server, 'parley_broadcasts_compressed_total'), before);

    const received = (one) => one.socket._socket.bytesRead;
    const [packed, unpacked] = [received(members[1]), received(bare)];
    for (let i = 0; i < 5; i++) {
        const text = `${i} ` + prose.slice(5000 * i, 5000 * i + 4000).trim();
        await members[i].say(room, text);
        for (const one of [...members, bare]) await one.hears(room, text);
        await lines.until((line) => line.endsWith(text));
    }
    // Once for each kind of client: JSON and plain text.
    assert.equal(await metric(server, 'parley_broadcasts_compressed_total') - before, 10);
    const share = (received(members[1]) - packed) / (received(bare) - unpacked);
    assert.ok(share < 0.6, `${share} of the bytes`);
    for (const one of [...members, bare, lines]) await one.close();
    await until('the end of all connections', async () => await metric(server, 'parley_compressed_connections') === 0);
});

test('pages of history come compressed; lists of rooms do not', async () => {
    const client = await Client.connect(server, { ws: everything });
    const sum = () => metric(server, 'parley_compressed_bytes_before_total');
    const room = 'past';
    await client.ask('create_room', { room });
    for (let i = 0; i < 60; i++) await client.say(room, prose.slice(100 * i, 100 * i + 300));
    const before = await sum();
    const from = client.socket._socket.bytesRead;
    const page = await client.ask('history', { room, limit: 60 });
    assert.equal(page.events.length, 60);
    assert.ok((await sum()) - before > 20_000);
    assert.ok(client.socket._socket.bytesRead - from < 12_000);
    const between = await sum();
    for (let i = 0; i < 20; i++) await client.ask('create_room', { room: `listed-${i}`, title: 'x'.repeat(100) });
    assert.ok(JSON.stringify(await client.ask('list_rooms')).length > 2000);
    assert.equal(await sum(), between);
    await client.close();
});

test('a request is read compressed', async () => {
    const client = await Client.guest(server, undefined, { ws: everything });
    await client.ask('subscribe', { room: 'lobby' });
    assert.equal((await client.say('lobby', 'x'.repeat(16_000))).type, 'ok');
    await client.hears('lobby', 'x'.repeat(16_000));
    await client.close();
});
