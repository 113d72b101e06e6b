// The log: one line for each request, found by its id; nothing in it that is nobody's business; nobody waits for it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { api, Client, freshName, PlainClient, raw } from './clients.mjs';
import { patience, Server } from './server.mjs';
import { fetch, once } from './within.mjs';

let server;
before(async () => { server = await Server.start(['--log-level', 'debug']); });
after(() => server.stop());

const oneField = /^ (\w+)=(?:([\w\-.:\/@+~]+)|"((?:[^"\\\x00-\x1f]|\\["\\]|\\x[0-9a-f]{2})*)")/;

// The fields of a line; the test fails when it is no line of ours.
function parsed(line) {
    const fields = {};
    for (let rest = ' ' + line; rest;) {
        const found = rest.match(oneField);
        assert.ok(found, `not understood: ${line}`);
        fields[found[1]] = found[2] ?? found[3];
        rest = rest.slice(found[0].length);
    }
    assert.match(fields.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.match(fields.level, /^(debug|info|warn|error)$/);
    assert.ok(fields.msg);
    return fields;
}

async function lineOf(id) {
    const [line] = await server.logged(new RegExp(`^time=.* request=${id}( .*)?$`, 'm'));
    return parsed(line);
}

const fetched = (path, options) => fetch(server.url + path, options);

test('a request has an id, in its answer and in its line', async () => {
    const [first, second] = [await fetched('/healthz'), await fetched('/nothing?secret=in-a-query')];
    const ids = [first, second].map((one) => one.headers.get('x-request-id'));
    assert.notEqual(ids[0], ids[1]);
    const good = await lineOf(ids[0]), bad = await lineOf(ids[1]);
    assert.deepEqual([good.level, good.method, good.path, good.status], ['debug', 'GET', '/healthz', '200']);
    assert.deepEqual([bad.level, bad.path, bad.status], ['info', '/nothing', '404']);
    assert.equal(good.remote, '127.0.0.1');
    assert.equal(good.bytes, String((await first.text()).length));
    assert.match(good.duration_ms, /^\d+$/);
});

test('a valid id is taken over, another is not', async () => {
    const given = await fetched('/healthz', { headers: { 'x-request-id': 'from-a-proxy:1' } });
    assert.equal(given.headers.get('x-request-id'), 'from-a-proxy:1');
    assert.equal((await lineOf('from-a-proxy:1')).status, '200');
    for (const bad of ['x'.repeat(65), 'a b', 'a"b', 'a=b', 'é']) {
        const answer = await raw(server, Buffer.from(
            `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${bad}\r\nConnection: close\r\n\r\n`, 'latin1'));
        assert.match(answer, /\r\nX-Request-Id: [a-z0-9]+-\d+\r\n/, bad);
    }
});

test('what is refused before it is a request has an id too', async () => {
    const answer = await raw(server, 'nonsense\r\n\r\n');
    const [, id] = answer.match(/\r\nX-Request-Id: (\S+)\r\n/);
    assert.equal((await lineOf(id)).status, '400');
});

test('the line of a call names who called', async () => {
    const { body } = await api(server, 'sign_in_guest', { user: freshName() });
    const { headers } = await api(server, 'list_rooms', {}, { authorization: `Bearer ${body.token}` });
    const line = await lineOf(headers.get('x-request-id'));
    assert.deepEqual([line.user, line.path, line.method], [body.user, '/api/1/list_rooms', 'POST']);
});

test('nothing forges a line', async () => {
    const path = '/a"level=error\\';
    const answer = await raw(server, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const line = await lineOf(answer.match(/\r\nX-Request-Id: (\S+)\r\n/)[1]);
    if (answer.startsWith('HTTP/1.1 404')) assert.equal(line.path, path.replace(/["\\]/g, '\\$&'));
    const echo = await PlainClient.connect(server, '/echo');
    echo.say('\ntime=now level=error msg="forged" \x1b[2J\u009b');
    await echo.until((m) => m.includes('forged'));
    const [echoed] = await server.logged(/^time=.*forged.*$/m);
    assert.equal(parsed(echoed).msg, 'echo');
    await echo.close();
    for (const each of server.wholeLines.split('\n').filter((one) => one && !/^(?:Parley|Only this machine|Open) /.test(one))) parsed(each);
});

test('a WebSocket has an id of its own, in every line about it', async () => {
    const upgraded = [];
    const client = await Client.guest(server);
    client.socket.terminate();
    const plain = new WebSocket(server.ws + '/ws', { headers: { 'x-request-id': 'handshake-1' } });
    plain.on('upgrade', (response) => upgraded.push(response.headers['x-request-id']));
    await once(plain, 'open');
    plain.terminate();
    assert.deepEqual(upgraded, ['handshake-1']);
    const opened = await lineOf('handshake-1');
    assert.deepEqual([opened.msg, opened.level, opened.speaks], ['connection opened', 'debug', 'plain']);
    const [ended] = await server.logged(
        new RegExp(`^time=.*msg="connection (?:closed|ended unexpectedly)" connection=${opened.connection} .*$`, 'm'));
    parsed(ended);
    const [, user_line] = await server.logged(new RegExp(`^(time=.*"connection opened".* user=${client.user})$`, 'm'));
    assert.notEqual(parsed(user_line).connection, opened.connection);
});

test('what happens to accounts and rooms has a line', async (t) => {
    const quiet = await Server.start(['--guests', 'on']);
    t.after(() => quiet.stop());
    const user = freshName(), password = 'a-password-nobody-sees', through = { 'x-forwarded-for': '203.0.113.7' };
    const fields = (msg) => [...quiet.log.matchAll(/^time=.*$/gm)].map(([line]) => parsed(line)).filter((one) => one.msg === msg);
    const expect = async (msg, { headers }, more) => {
        const id = headers.get('x-request-id');
        await quiet.logged(new RegExp(`msg="?${msg}"? request=${id}`));
        const line = fields(msg).find((one) => one.request === id);
        assert.deepEqual([line.level, line.remote, line.user], ['info', '203.0.113.7', user], JSON.stringify(more));
    };
    const bearer = (answer) => ({ ...through, authorization: `Bearer ${answer.body.token}` });
    const answer = await api(quiet, 'sign_up', { user, password }, through);
    await expect('account made', answer);
    await expect('sign-in failed', await api(quiet, 'sign_in', { user, password: 'not-the-password' }, through));
    const again = await api(quiet, 'sign_in', { user, password }, through);
    await expect('signed in', again);
    const { body: { sessions } } = await api(quiet, 'list_sessions', {}, bearer(again));
    const other = sessions.find((one) => !one.current);
    await expect('session revoked', await api(quiet, 'revoke_session', { session: other.session }, bearer(again)));
    const room = freshName('room'), spoken = freshName('spoken');
    assert.equal((await api(quiet, 'create_room', { room }, bearer(again))).status, 200);
    await quiet.logged(new RegExp(`msg="room made" room=${room} user=${user}$`, 'm'));
    const client = await Client.connect(quiet, { token: again.body.token });
    assert.equal((await client.ask('create_room', { room: spoken })).type, 'ok');
    assert.equal((await client.ask('create_room', { room: 'lobby' })).type, 'error');
    await quiet.logged(new RegExp(`msg="room made" room=${spoken} user=${user}$`, 'm'));
    await expect('signed out', await api(quiet, 'sign_out', {}, bearer(again)));
    for (const secret of [password, 'not-the-password', answer.body.token, again.body.token]) assert.ok(!quiet.log.includes(secret));
    assert.equal(fields('room made').length, 2);
    assert.equal(fields('signed in').length, 1);
});

test('failed sign-ins forge no line, and cannot fill the log', async (t) => {
    const quiet = await Server.start(['--guests', 'on', '--shards', '1']);
    t.after(() => quiet.stop());
    const forged = await api(quiet, 'sign_in', { user: 'ann\ntime=now level=error', password: 'wrong-password' });
    assert.equal(forged.status, 400);
    const from = performance.now();
    for (let i = 0; i < 150; i++) await (await fetch(quiet.url + '/nothing')).text();
    for (let i = 0; i < 5; i++)
        assert.equal((await api(quiet, 'sign_in', { user: freshName(), password: 'wrong-password' })).status, 401);
    const seconds = (performance.now() - from) / 1000;
    const last = await api(quiet, 'sign_in_guest', { user: freshName('guest') });
    await quiet.logged(new RegExp(`request=${last.headers.get('x-request-id')}`));
    assert.doesNotMatch(quiet.log, /level=error/);
    // Failed sign-ins have an allowance of their own: 404s do not hide them.
    const lines = (pattern) => quiet.log.match(pattern)?.length;
    const refusals = lines(/status=40[04]/g);
    assert.ok(refusals >= 100 && refusals <= 101 + 10 * seconds, `${refusals} refusals in ${seconds} s`);
    assert.equal(lines(/msg="sign-in failed"/g), 5);
});

test('what a proxy does wrong is in the log, with what to change', async (t) => {
    const quiet = await Server.start();
    t.after(() => quiet.stop());
    const advice = 'origin https://chat.example does not match Host 127.0.0.1:' + quiet.port +
        ': let the proxy pass Host on; if that page is your own, start the server with --origin https://chat.example';
    const refused = await api(quiet, 'whoami', {}, { origin: 'https://chat.example' });
    assert.deepEqual([refused.status, refused.body.code, refused.body.message], [403, 'forbidden', advice]);
    await quiet.logged(new RegExp(`level=info .*path=/api/1/whoami.* status=403 .*why="${advice}"`));
    const handshake = (head) => raw(quiet, `GET /ws HTTP/${head}\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
    const host = `Host: 127.0.0.1:${quiet.port}`, whole = 'Upgrade: websocket\r\nConnection: Upgrade';
    assert.ok((await handshake(`1.1\r\n${host}\r\n${whole}\r\nOrigin: https://chat.example`)).includes(advice));
    await quiet.logged(new RegExp(`path=/ws status=403 .*why="${advice}"`));
    for (const head of [`1.1\r\n${host}\r\nConnection: close`, `1.0\r\n${host}\r\n${whole}`]) {
        const answer = await handshake(head);
        assert.match(answer, /^HTTP\/1\.1 426 /);
        assert.match(answer, /Upgrade: websocket and Connection: Upgrade/);
        const [, id] = answer.match(/\r\nX-Request-Id: (\S+)\r\n/);
        await quiet.logged(new RegExp(`request=${id} .*status=426 .*why="WebSocket needs HTTP/1.1`));
    }
});

test('no text, token, password or query is in the log', async () => {
    const user = freshName(), password = 'a-password-nobody-sees';
    const { body } = await api(server, 'sign_up', { user, password });
    const client = await Client.connect(server, { token: body.token });
    const said = 'a-text-for-the-room';
    await client.say('lobby', said);
    await api(server, 'send', { room: 'lobby', nonce: 'secret-1', text: said }, { authorization: `Bearer ${body.token}` });
    const plain = await PlainClient.connect(server, '/ws?room=lobby&name=pia');
    plain.say(said);
    await plain.until((m) => m.includes(said));
    const last = await fetched('/last-one?secret=in-a-query');
    await lineOf(last.headers.get('x-request-id'));
    for (const secret of [body.token, password, said, 'in-a-query', 'secret='])
        assert.ok(!server.log.includes(secret), secret);
    await Promise.all([client.close(), plain.close()]);
});

test('a log that nobody reads holds up nobody, and drops the oldest lines', async (t) => {
    const muted = await Server.start(['--log-level', 'debug']);
    t.after(() => muted.stop());
    muted.child.stderr.pause();
    const echo = await PlainClient.connect(muted, '/echo');
    const text = 'x'.repeat(1000);
    for (let i = 0; i < 30; i++) {
        const before = echo.all.length;
        for (let j = 0; j < 300; j++) echo.say(text);
        await echo.until(() => echo.all.length >= before + 299);
    }
    await echo.close();
    const metrics = await (await fetch(muted.url + '/metrics')).text();
    assert.ok(Number(metrics.match(/^parley_log_lines_dropped_total (\d+)$/m)[1]) > 0);
    const { code, ms } = await muted.terminate();
    assert.equal(code, 0);
    assert.ok(ms < 5000 * patience, `${ms} ms`);
});

test('at the level of info good requests are silent', async (t) => {
    const quiet = await Server.start();
    t.after(() => quiet.stop());
    await fetch(quiet.url + '/healthz');
    await fetch(quiet.url + '/nothing');
    await quiet.logged(/path=\/nothing/);
    assert.doesNotMatch(quiet.log, /healthz|level=debug/);
    await quiet.terminate();
    await quiet.logged(/msg="stopping"/);
});
