// The WebSocket layer and the protocol's limits, from outside.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, freshNonce, PlainClient, raw } from './clients.mjs';
import { Server } from './server.mjs';
import { fetch, until } from './within.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

function upgrade(changes = {}, path = '/ws') {
    const fields = { 'Host': `127.0.0.1:${server.port}`, 'Upgrade': 'websocket', 'Connection': 'Upgrade',
                     'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==', ...changes };
    const lines = Object.entries(fields).filter(([, value]) => value !== undefined).map(([k, v]) => `${k}: ${v}`);
    return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
const answered = (all) => all.includes('\r\n\r\n');

// A masked client frame (RFC 6455, section 5.2) with a mask of zeros.
function frame(first, payload) {
    const bytes = Buffer.from(payload);
    assert.ok(bytes.length < 126);
    return Buffer.concat([Buffer.from([first, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

test('a handshake is checked', async () => {
    const status = async (...change) => (await raw(server, upgrade(...change), answered)).slice(9, 12);
    assert.equal(await status(), '101');
    assert.equal(await status({ 'Sec-WebSocket-Version': '8' }), '426');
    assert.match(await raw(server, upgrade({ 'Sec-WebSocket-Version': '8' }), answered), /Sec-WebSocket-Version: 13/i);
    assert.equal(await status({ 'Sec-WebSocket-Key': 'short' }), '400');
    assert.equal(await status({ 'Sec-WebSocket-Key': undefined }), '400');
    assert.equal(await status({ Origin: 'http://evil.example' }), '403');
    assert.equal(await status({ Origin: `http://127.0.0.1:${server.port}` }), '101');
    assert.equal(await status({ Origin: 'null' }), '403');
    assert.equal(await status({}, '/ws?room=Not%20a%20room'), '400');
    assert.match(await raw(server, upgrade({ 'Sec-WebSocket-Protocol': 'chat, parley.1' }), answered),
                 /Sec-WebSocket-Protocol: parley\.1/i);
});

test('frames that came in the packet of the handshake are not lost', async () => {
    const bytes = Buffer.concat([Buffer.from(upgrade({}, '/echo')), frame(0x81, 'early'), frame(0x81, 'bird')]);
    const answer = await raw(server, bytes, (all) => all.includes('bird'));
    assert.match(answer, /\x81\x05early\x81\x04bird/);
});

test('fragments, pings between them, and masks are read as RFC 6455 says', async () => {
    const bytes = Buffer.concat([Buffer.from(upgrade({}, '/echo')), frame(0x01, 'one '), frame(0x89, 'p'),
                                 frame(0x00, 'two '), frame(0x80, 'three')]);
    const answer = await raw(server, bytes, (all) => all.includes('three'));
    assert.match(answer, /\x8a\x01p/);
    assert.match(answer, /\x81\x0done two three/);
});

test('/echo takes messages up to --echo-max at the default rate', { timeout: 120_000 }, async () => {
    const bytes = 12 << 20;
    const generous = await Server.start(['--echo-max', String(bytes)]);
    try {
        const echo = await PlainClient.connect(generous, '/echo', { perMessageDeflate: false });
        echo.socket.send(Buffer.alloc(bytes, 7));
        assert.equal((await echo.next()).length, bytes);
        const metrics = await (await fetch(generous.url + '/metrics')).text();
        assert.match(metrics, /^parley_websockets_slowed_total 0$/m);
        echo.socket.send(Buffer.alloc(bytes + 1));
        assert.equal((await echo.closed).code, 1009);
    } finally {
        await generous.stop();
    }
});

// The close frame's code at the end of what came.
const closeCode = (answer) => {
    const at = answer.lastIndexOf('\x88');
    return at < 0 ? 0 : answer.charCodeAt(at + 2) * 256 + answer.charCodeAt(at + 3);
};

test('what breaks RFC 6455 closes with its code', async () => {
    const cases = [
        ['not masked', Buffer.from([0x81, 0x01, 0x78]), 1002],
        ['reserved bit', frame(0xc1, 'x'), 1002],
        ['unknown opcode', frame(0x83, 'x'), 1002],
        ['stray continuation', frame(0x80, 'x'), 1002],
        ['fragmented ping', frame(0x09, 'x'), 1002],
        ['bad UTF-8', frame(0x81, Buffer.from([0xc0, 0x80])), 1007],
        ['UTF-8 cut at an empty last fragment', Buffer.concat([frame(0x01, Buffer.from([0xe2, 0x82])), frame(0x80, '')]), 1007],
        ['surrogate', frame(0x81, Buffer.from([0xed, 0xa0, 0x80])), 1007],
        ['close code 1005', frame(0x88, Buffer.from([0x03, 0xed])), 1002],
    ];
    for (const [name, bytes, code] of cases) {
        const answer = await raw(server, Buffer.concat([Buffer.from(upgrade({}, '/echo')), bytes]));
        assert.equal(closeCode(answer), code, name);
    }
});

// RFC 6455, section 7.4, and the IANA registry: these a peer may send.
const validCloses = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
const invalidCloses = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999, 5000, 5119, 5120, 9999, 65535];
const closeFrame = (code, reason = '') => frame(0x88, Buffer.from([code >> 8, code & 255, ...Buffer.from(reason)]));

test('a close code that a peer may send is repeated, any other is answered with 1002', { timeout: 120_000 }, async () => {
    const cases = [...validCloses.map((code) => [code, code]), ...invalidCloses.map((code) => [code, 1002])];
    for (const compressed of [undefined, 'permessage-deflate'])
        for (const [code, expected] of cases) {
            const handshake = Buffer.from(upgrade({ 'Sec-WebSocket-Extensions': compressed }, '/echo'));
            const closed = async (pieces) => closeCode(await raw(server, pieces));
            assert.equal(await closed(Buffer.concat([handshake, frame(0x81, 'x'), closeFrame(code, 'why')])), expected, code);
            const bytes = [...closeFrame(code)].map((byte) => Buffer.from([byte]));
            assert.equal(await closed([handshake, ...bytes]), expected, `${code}, byte by byte`);
        }
});

test('a message at the limit comes back, one byte more closes with 1009', async () => {
    const echo = await PlainClient.connect(server, '/echo');
    echo.say('x'.repeat(64 * 1024));
    assert.equal((await echo.until(() => true)).length, 64 * 1024);
    echo.say('x'.repeat(64 * 1024 + 1));
    assert.equal((await echo.closed).code, 1009);
});

test('a request at the frame limit is read, one byte more is refused, twice as much ends the connection', async () => {
    const client = await Client.guest(server);
    const request = JSON.stringify({ type: 'ping', id: 77 });
    client.socket.send(request.padEnd(64 * 1024));
    await client.until((m) => m.type === 'ok' && m.id === 77);
    for (const bytes of [64 * 1024 + 1, 128 * 1024]) {
        const answer = client.next((m) => m.type === 'error');
        client.socket.send(request.padEnd(bytes));
        assert.equal((await answer).code, 'too_large');
    }
    client.socket.send(request.padEnd(128 * 1024 + 1));
    assert.equal((await client.closed).code, 1009);
});

test('a connection that is not read from is noticed soon after it has died', { timeout: 120_000 }, async () => {
    const exchange = async () => (await fetch(`${server.url}/healthz`)).text();
    const ended = () => (server.log.match(/ended unexpectedly/g) ?? []).length;
    const echo = await PlainClient.connect(server, '/echo');
    const socket = echo.socket._socket;
    socket.pause();
    for (let i = 0; i < 1000; i++) echo.say('x'.repeat(64 * 1024));
    // Until the server takes no more: what waits here has not changed while it answered a hundred others.
    for (let waiting = -1; waiting !== socket.writableLength;) {
        waiting = socket.writableLength;
        for (let i = 0; i < 100; i++) await exchange();
    }
    assert.ok(socket.writableLength > 0);
    const before = ended();
    socket.resetAndDestroy();
    await until('the end to be counted', async () => (await exchange(), ended() !== before), { ms: 20_000 });
});

test('beyond --max-connections the answer is 503, until one has gone', { timeout: 120_000 }, async () => {
    const small = await Server.start(['--max-connections', '3']);
    const status = async () => Number((await raw(small, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', answered)).slice(9, 12));
    try {
        const members = [];
        for (let i = 0; i < 3; i++) members.push(await PlainClient.connect(small));
        // The answer comes before any request, and whether one is sent or not.
        assert.match(await raw(small, ''), /^HTTP\/1\.1 503 /);
        await assert.rejects(PlainClient.connect(small), /503/);
        members[0].say('still here');
        assert.equal(await members[1].until((text) => text === 'still here'), 'still here');
        await members[2].close();
        await until('a connection to be free again', async () => await status() === 200);
    } finally {
        await small.stop();
    }
});

test('texts, names and pages hold at their limits and not beyond', async () => {
    const client = await Client.guest(server);
    const code = async (type, fields) => {
        const answer = await client.ask(type, fields);
        return answer.type === 'ok' ? 'ok' : `${answer.code} ${answer.field}`;
    };
    const send = (fields) => code('send', { room: 'lobby', nonce: freshNonce(), text: 'x', ...fields });
    assert.equal(await send({ text: 'x'.repeat(16_384) }), 'ok');
    assert.equal(await send({ text: 'x'.repeat(16_385) }), 'bad_field text');
    assert.equal(await send({ text: 'é'.repeat(8_192) }), 'ok');
    assert.equal(await send({ text: 'é'.repeat(8_193) }), 'bad_field text');
    assert.equal(await send({ text: '' }), 'bad_field text');
    assert.equal(await send({ text: 'tab\tand\nline' }), 'ok');
    for (const control of ['\u0000', '\u0007', '\u000d', '\u0085']) assert.equal(await send({ text: control }), 'bad_field text');
    assert.equal(await send({ nonce: 'n'.repeat(33) }), 'bad_field nonce');
    assert.equal(await send({ reply_to: 2 ** 53 }), 'bad_field reply_to');
    assert.equal(await code('create_room', { room: 'r'.repeat(64), title: 't'.repeat(128) }), 'ok');
    assert.equal(await code('create_room', { room: 'r'.repeat(65) }), 'bad_field room');
    assert.equal(await code('create_room', { room: 'fine', title: 't'.repeat(129) }), 'bad_field title');
    assert.equal(await code('history', { room: 'lobby', limit: 200 }), 'ok');
    assert.equal(await code('history', { room: 'lobby', limit: 201 }), 'bad_field limit');
    assert.equal(await code('no_such_thing', {}), 'unsupported type');
});

test('a resend gets the first answer again; the same nonce with other content is a conflict', async () => {
    const client = await Client.guest(server);
    const first = await client.say('lobby', 'once', 'same');
    await client.say('lobby', 'between');
    const again = await client.say('lobby', 'once', 'same');
    assert.deepEqual([again.seq, again.at], [first.seq, first.at]);
    assert.equal((await client.say('lobby', 'other', 'same')).code, 'conflict');
});

test('history pages meet without gap or overlap, in both directions', async () => {
    const client = await Client.guest(server);
    await client.ask('create_room', { room: 'pages' });
    for (let i = 0; i < 25; i++) await client.say('pages', `line ${i}`);
    const newest = await client.ask('history', { room: 'pages', limit: 10 });
    const older = await client.ask('history', { room: 'pages', before: newest.from, limit: 10 });
    const oldest = await client.ask('history', { room: 'pages', before: older.from, limit: 10 });
    const pages = [oldest, older, newest];
    const seqs = pages.flatMap((page) => page.events.map((e) => e.seq));
    assert.deepEqual(seqs, Array.from({ length: 27 }, (_, i) => i + 1));
    assert.deepEqual(pages.map((page) => [page.from, page.to]), [[1, 7], [8, 17], [18, 27]]);
    assert.deepEqual([newest.more, older.more, oldest.more], [true, true, false]);
    const around = await client.ask('history', { room: 'pages', around: 13, limit: 5 });
    assert.deepEqual(around.events.map((e) => e.seq), [11, 12, 13, 14, 15]);
    const next = await client.ask('history', { room: 'pages', after: around.to, limit: 3 });
    assert.deepEqual([next.from, next.to, next.more], [16, 18, true]);
    const run = await client.ask('catch_up', { room: 'pages', seq: 24, limit: 10 });
    assert.deepEqual([run.events.map((e) => e.seq), run.more], [[25, 26, 27], false]);
});

test('the burst of 30 passes, and five a second; the next message is refused with the time to wait', async () => {
    const client = await Client.guest(server), from = performance.now();
    const answers = await Promise.all(Array.from({ length: 60 }, () => client.say('lobby', 'burst')));
    const seconds = (performance.now() - from) / 1000;
    const refused = answers.filter((one) => one.type === 'error'), passed = answers.length - refused.length;
    assert.ok(passed >= 30 && passed <= 31 + 5 * seconds, `${passed} passed in ${seconds} s`);
    assert.ok(refused.length > 0);
    for (const one of refused) {
        assert.equal(one.code, 'rate');
        assert.ok(one.retry_ms > 0 && one.retry_ms <= 200);
    }
});

test('ten malformed frames in a row close with 4100', async () => {
    const client = await Client.guest(server);
    for (let i = 0; i < 10; i++) client.socket.send(i % 2 ? '[1,2' : 'null');
    assert.equal((await client.closed).code, 4100);
});

test('a room of two admits nobody else', async () => {
    const [ann, bob, eve] = [await Client.account(server), await Client.account(server), await Client.account(server)];
    const direct = (client, other) => client.ask('open_direct', { nonce: freshNonce(), people: [other.user] });
    const { room } = await direct(ann, bob);
    assert.match(room, /^dm-[0-9a-f]+$/);
    assert.equal((await ann.say(room, 'secret')).type, 'ok');
    const told = await bob.until((m) => m.type === 'person' && m.rooms?.[0]?.room === room);
    assert.deepEqual(told.rooms[0].people, [ann.user, bob.user].sort());
    assert.equal(told.rooms[0].title, ann.user);
    await bob.until((m) => m.type === 'head' && m.room === room);
    assert.equal((await direct(bob, ann)).room, room);
    assert.equal((await bob.ask('history', { room, limit: 10 })).events.at(-1).text, 'secret');
    for (const [type, fields] of [['history', { limit: 10 }], ['subscribe', {}], ['join', {}]])
        assert.equal((await eve.ask(type, { room, ...fields })).code, 'not_found', type);
    assert.equal((await eve.say(room, 'let me in')).code, 'not_found');
    assert.ok(!(await eve.ask('list_rooms')).rooms?.some((one) => one.room === room));
});

test('a conversation that is closed comes back with the next message', async () => {
    const [ann, bob] = [await Client.account(server), await Client.account(server)];
    const { room } = await ann.ask('open_direct', { nonce: freshNonce(), people: [bob.user] });
    const listed = async () => {
        const back = await Client.connect(server, { token: bob.token });
        await back.close();
        return back.welcome.rooms.find((one) => one.room === room);
    };
    assert.equal(await listed(), undefined);
    await ann.say(room, 'hello');
    assert.equal((await listed()).unread, 1);
    const closed = await bob.ask('leave', { room });
    assert.deepEqual(Object.keys(closed).sort(), ['id', 'type']);
    assert.equal(await listed(), undefined);
    await ann.say(room, 'still there?');
    assert.equal((await listed()).unread, 1);
    const { events } = await bob.ask('history', { room, limit: 10 });
    assert.deepEqual(events.map((one) => one.kind), ['created', 'message', 'message']);
});

test('a read mark goes forward and back, and unread is a subtraction', async () => {
    const [ann, bob] = [await Client.guest(server), await Client.guest(server)];
    await ann.ask('create_room', { room: 'marks' });
    await bob.ask('join', { room: 'marks' });
    for (let i = 0; i < 4; i++) await ann.say('marks', `line ${i}`);
    const summary = async () => {
        const back = await Client.connect(server, { token: bob.token });
        await back.close();
        return back.welcome.rooms.find((one) => one.room === 'marks');
    };
    const before = await summary();
    assert.deepEqual([before.unread, before.top - before.read], [4, 4]);
    const marked = async (seq) => {
        await bob.ask('mark', { room: 'marks', seq });
        const { read, unread } = await summary();
        return [read, unread];
    };
    assert.deepEqual(await marked(before.top - 1), [before.top - 1, 1]);
    assert.deepEqual(await marked(before.top - 3), [before.top - 3, 3]);
    assert.deepEqual(await marked(before.top + 9), [before.top, 0], 'nobody has read what is still to come');
});
