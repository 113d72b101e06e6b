// Every row of the systems that Parley grew from, named after it. The browser rows (A4, C1, D2, E10, E11) are tried in
// tests/browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, Client, freshName, PlainClient } from './clients.mjs';
import { Server } from './server.mjs';
import { fetch } from './within.mjs';

let server;
before(async () => { server = await Server.start(['--log-level', 'debug', '--origin', 'http://localhost:3000']); });
after(() => server.stop());

test('A1 B1: the page is served at / and the server says that it started', async () => {
    const page = await fetch(server.url + '/');
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type'), /^text\/html/);
    assert.match(await page.text(), /<title>/);
    await server.logged(/listens on http:\/\//);
});

test('A2 B1: a text frame on /ws goes to all clients, the sender included', async () => {
    const [ann, bob] = [await PlainClient.connect(server), await PlainClient.connect(server)];
    ann.say('to all');
    assert.equal(await bob.until((m) => m === 'to all'), 'to all');
    assert.equal(await ann.until((m) => m === 'to all'), 'to all');
    await ann.close();
    await bob.close();
});

test('A3 E5: a client that is killed leaves the others undisturbed, and is logged', async () => {
    const clients = [];
    for (let i = 0; i < 3; i++) clients.push(await PlainClient.connect(server, '/ws?room=a3'));
    clients[1].socket.terminate();
    for (let i = 0; i < 20; i++) clients[0].say(`line ${i}`);
    await clients[2].until((m) => m === 'line 19');
    assert.deepEqual(clients[2].all, Array.from({ length: 20 }, (_, i) => `line ${i}`));
    await server.logged(/msg="connection (closed|ended)/);
});

test('A4: a page from an origin that the server trusts may connect, another may not', async () => {
    const trusted = await PlainClient.connect(server, '/ws', { origin: 'http://localhost:3000' });
    await trusted.close();
    await assert.rejects(PlainClient.connect(server, '/ws', { origin: 'http://evil.example' }), /403/);
});

test('C1: many clients at once, in real time', async () => {
    const clients = await Promise.all(Array.from({ length: 60 }, () => PlainClient.connect(server, '/ws?room=c1')));
    clients[7].say('hello sixty');
    await Promise.all(clients.map((one) => one.until((m) => m === 'hello sixty')));
    await Promise.all(clients.map((one) => one.close()));
});

test('D1: /echo returns every message with its type, and logs it at debug level', async () => {
    const echo = await PlainClient.connect(server, '/echo');
    echo.say('text comes back');
    assert.equal(await echo.until((m) => typeof m === 'string'), 'text comes back');
    const bytes = Buffer.from([0, 1, 2, 255]);
    echo.say(bytes);
    assert.deepEqual(await echo.until((m) => Buffer.isBuffer(m)), bytes);
    echo.say('');
    assert.equal(await echo.until((m) => m === ''), '');
    await echo.close();
    await server.logged(/msg="echo" .*text comes back/);
});

test('E1: a message reaches all users of its room and nobody else', async () => {
    const a = await PlainClient.connect(server, '/ws?room=e1-a');
    const alsoA = await PlainClient.connect(server, '/ws?room=e1-a');
    const b = await PlainClient.connect(server, '/ws?room=e1-b');
    a.say('only for a');
    await alsoA.until((m) => m === 'only for a');
    b.say('only for b');
    await b.until((m) => m === 'only for b');
    assert.deepEqual(b.all, ['only for b']);
    assert.deepEqual(alsoA.all, ['only for a']);
});

test('E4: line breaks become spaces and the ends are trimmed', async () => {
    const ann = await PlainClient.connect(server, '/ws?room=e4');
    ann.say('  one\ntwo\r\nthree \n');
    assert.equal(await ann.until(() => true), 'one two  three');
});

test('E6: a plain client and a parley.1 client sit in one room', async () => {
    const plain = await PlainClient.connect(server, '/ws?room=e6&name=pia');
    const json = await Client.guest(server);
    await json.ask('subscribe', { room: 'e6' });
    plain.say('from plain');
    await json.hears('e6', 'from plain');
    assert.equal(json.events('e6').at(-1).author, '~pia');
    await json.say('e6', 'two\nlines');
    assert.equal(await plain.until((m) => m.startsWith(json.user)), `${json.user}: two lines`);
    await json.hears('e6', 'two\nlines');
});

test('E7: user names are unique', async () => {
    const user = freshName();
    assert.equal((await api(server, 'sign_up', { user, password: 'correct horse' })).status, 200);
    const second = await api(server, 'sign_up', { user, password: 'battery staple' });
    assert.equal(second.status, 409);
    assert.equal(second.body.code, 'conflict');
});

test('E8: history is there after the server was killed and started again', async () => {
    const ann = await Client.guest(server);
    await ann.ask('create_room', { room: 'e8', title: 'Kept' });
    for (let i = 0; i < 5; i++) assert.equal((await ann.say('e8', `kept ${i}`)).type, 'ok');
    await server.restart();
    const again = await Client.connect(server, { token: ann.token });
    const { events } = await again.ask('history', { room: 'e8', limit: 5 });
    assert.deepEqual(events.map((e) => e.text), ['kept 0', 'kept 1', 'kept 2', 'kept 3', 'kept 4']);
});

test('E9: users create rooms, which others find and join', async () => {
    const [ann, bob] = [await Client.guest(server), await Client.guest(server)];
    const opened = await ann.ask('create_room', { room: 'e9', title: 'Ours' });
    assert.equal(opened.type, 'ok');
    const { rooms } = await bob.ask('list_rooms');
    assert.equal(rooms.find((one) => one.room === 'e9').title, 'Ours');
    assert.equal((await bob.ask('join', { room: 'e9' })).type, 'ok');
    const back = await Client.connect(server, { token: bob.token });
    assert.ok(back.welcome.rooms.some((one) => one.room === 'e9' && one.joined));
});

test('E10: typing signs and timestamps', async () => {
    const [ann, bob] = [await Client.guest(server), await Client.guest(server)];
    await ann.ask('subscribe', { room: 'lobby' });
    await bob.ask('subscribe', { room: 'lobby' });
    ann.send({ type: 'typing', room: 'lobby', active: true });
    const sign = await bob.until((m) => m.type === 'typing');
    assert.deepEqual(sign, { type: 'typing', room: 'lobby', user: ann.user, active: true });
    const from = Date.now();
    const { at } = await ann.say('lobby', 'stamped');
    assert.ok(at >= from - 2000 && at <= Date.now() + 2000);
});

test('E12: a token opens the door, by header or cookie, and can be revoked', async () => {
    const { body, cookie } = await api(server, 'sign_up', { user: freshName(), password: 'correct horse' });
    const byHeader = await Client.connect(server, { token: body.token });
    const byCookie = await Client.connect(server, { headers: { cookie } });
    assert.equal(byHeader.welcome.me, body.user);
    assert.equal(byCookie.welcome.me, body.user);
    const bearer = { authorization: `Bearer ${body.token}` };
    assert.equal((await api(server, 'sign_out', {}, bearer)).status, 200);
    assert.equal((await byHeader.closed).code, 4102);
    assert.equal((await byCookie.closed).code, 4102);
    assert.equal((await api(server, 'list_sessions', {}, bearer)).status, 401);
});
