// HTTP: files, headers, the API, and requests that no browser would send.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { api, Client, freshName, raw } from './clients.mjs';
import { Server } from './server.mjs';
import { fetch, once, within } from './within.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

// node's fetch decodes by itself; this one shows what was sent.
function get(path, headers = {}, method = 'GET') {
    return within(new Promise((resolve, fail) =>
        request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () =>
                resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
        }).on('error', fail).end()), `an answer from ${path}`);
}

test('every answer carries the security headers', async () => {
    for (const path of ['/', '/healthz', '/nothing-here', '/app.js']) {
        const { headers } = await get(path);
        assert.match(headers['content-security-policy'], /default-src 'none'/, path);
        assert.match(headers['content-security-policy'], /script-src 'self' 'wasm-unsafe-eval'/);
        assert.match(headers['content-security-policy'], /connect-src 'self'/);
        assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
        assert.doesNotMatch(headers['content-security-policy'], /unsafe-inline|'unsafe-eval'/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.ok(headers['referrer-policy']);
    }
});

test('files come compressed as the client accepts, and with their type', async () => {
    const plain = await get('/app.js', { 'accept-encoding': 'identity' });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.match(plain.headers['content-type'], /^text\/javascript/);
    const brotli = await get('/app.js', { 'accept-encoding': 'gzip, deflate, br' });
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.deepEqual(brotliDecompressSync(brotli.body), plain.body);
    const gzip = await get('/app.js', { 'accept-encoding': 'br;q=0, gzip' });
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.deepEqual(gunzipSync(gzip.body), plain.body);
    assert.match(brotli.headers.vary, /accept-encoding/i);
    assert.equal((await get('/parley.wasm')).headers['content-type'], 'application/wasm');
    assert.match((await get('/style.css')).headers['content-type'], /^text\/css/);
});

test('an unchanged file is answered 304, a hashed name is immutable', async () => {
    const first = await get('/style.css');
    assert.equal((await get('/style.css', { 'if-none-match': first.headers.etag })).status, 304);
    assert.equal((await get('/style.css', { 'if-none-match': '"other"' })).status, 200);
    const page = (await get('/', { 'accept-encoding': 'identity' })).body.toString();
    const hashed = page.match(/style\.[0-9a-z]+\.css/)[0];
    assert.match((await get('/' + hashed)).headers['cache-control'], /immutable/);
    const head = await get('/style.css', {}, 'HEAD');
    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
});

test('unknown paths, methods and traversal find nothing', async () => {
    for (const path of ['/nothing', '/../etc/passwd', '/%2e%2e/etc/passwd', '/static/../../etc/passwd', '/app.js/', '/.'])
        assert.equal((await get(path)).status, 404, path);
    const posted = await get('/', {}, 'POST');
    assert.equal(posted.status, 405);
    assert.match(posted.headers.allow, /GET/);
});

test('/healthz and /metrics report the state', async () => {
    assert.equal((await get('/healthz')).status, 200);
    const metrics = await get('/metrics');
    assert.match(metrics.headers['content-type'], /^text\/plain/);
    assert.match(metrics.body.toString(), /^parley_\w+.* \d+/m);
    assert.match(metrics.body.toString(), /^parley_commit_seconds_bucket\{le="\+Inf"\} \d+$/m);
});

test('a broadcast is encoded once, however many members the room has', async () => {
    const counter = async (name) =>
        Number((await get('/metrics')).body.toString().match(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'm'))[1]);
    const members = await Promise.all(Array.from({ length: 40 }, () => Client.connect(server)));
    await Promise.all(members.map((one) => one.ask('subscribe', { room: 'lobby' })));
    const encoded = await counter('parley_broadcasts_encoded_total');
    for (let i = 0; i < 5; i++) {
        await members[i].say('lobby', `broadcast ${i}`);
        await Promise.all(members.map((one) => one.hears('lobby', `broadcast ${i}`)));
    }
    assert.equal((await counter('parley_broadcasts_encoded_total')) - encoded, 5);
    for (const one of members) one.socket.terminate();
});

test('the API takes the same objects as the WebSocket', async () => {
    const user = freshName();
    const { body, headers } = await api(server, 'sign_up', { user, password: 'correct horse', display_name: 'Ann' });
    assert.equal(body.user, user);
    assert.match(headers.get('set-cookie'), /HttpOnly/i);
    assert.match(headers.get('set-cookie'), /SameSite=(Lax|Strict)/i);
    const bearer = { authorization: `Bearer ${body.token}` };
    const sent = await api(server, 'send', { type: 'send', id: 4, room: 'lobby', nonce: 'over-http', text: 'hi' }, bearer);
    assert.equal(sent.status, 200);
    assert.equal(sent.body.id, 4);
    const { body: page } = await api(server, 'history', { room: 'lobby', limit: 1 }, bearer);
    assert.equal(page.events[0].text, 'hi');
    assert.equal((await api(server, 'hello', { client: 'curl' }, bearer)).body.me, user);
});

test('the API refuses with a status, a code and the field', async () => {
    const { body } = await api(server, 'sign_in_guest', { user: freshName('guest') });
    const bearer = { authorization: `Bearer ${body.token}` };
    const refused = async (type, fields, headers, status, code, field) => {
        const answer = await api(server, type, fields, headers);
        assert.deepEqual([answer.status, answer.body.code, answer.body.field], [status, code, field], type);
    };
    await refused('send', { room: 'lobby', nonce: 'n', text: 'x' }, {}, 401, 'unauthenticated', undefined);
    await refused('send', { room: 'Lobby', nonce: 'n', text: 'x' }, bearer, 400, 'bad_field', 'room');
    await refused('send', { room: 'lobby', nonce: 'n', text: 'x', more: 1 }, bearer, 400, 'bad_field', 'more');
    await refused('send', { room: 'nowhere', nonce: 'n', text: 'x' }, bearer, 404, 'not_found', 'room');
    await refused('subscribe', { room: 'lobby' }, bearer, 404, 'unsupported', undefined);
    await refused('no_such', {}, bearer, 404, 'unsupported', undefined);
    await refused('sign_up', { user: 'x', password: 'correct horse' }, {}, 400, 'bad_field', 'user');
    await refused('sign_out', {}, { ...bearer, origin: 'http://evil.example' }, 403, 'forbidden', undefined);
    const form = await fetch(`${server.url}/api/1/whoami`, { method: 'POST', body: 'a=b' });
    assert.equal(form.status, 415);
    const get = await fetch(`${server.url}/api/1/whoami`);
    assert.equal(get.status, 405);
});

test('a client behind a proxy is no guest unless --guests says so, which is logged once', async () => {
    const through = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' };
    assert.equal((await api(server, 'sign_in_guest', { user: freshName('guest') })).status, 200);
    for (let i = 0; i < 2; i++)
        assert.equal((await api(server, 'sign_in_guest', { user: freshName('guest') }, through)).status, 403);
    assert.equal((await api(server, 'whoami', {}, through)).body.guests, false);
    const stranger = await Client.connect(server, { hello: false, headers: through });
    assert.equal((await stranger.closed).code, 4101);
    await server.logged(/--guests/);
    assert.equal(server.log.match(/--guests/g).length, 1);
    const open = await Server.start(['--guests', 'on']);
    try {
        assert.equal((await api(open, 'sign_in_guest', { user: freshName('guest') }, through)).status, 200);
        assert.doesNotMatch(open.log, /--guests/);
    } finally {
        await open.stop();
    }
});

test('clients of a proxy are distinguished by the address that it has added', async () => {
    const open = await Server.start(['--guests', 'on']);
    const come = async (from) =>
        (await api(open, 'sign_in_guest', { user: freshName('guest') }, { 'x-forwarded-for': from })).status;
    try {
        const many = await Promise.all(Array.from({ length: 50 }, (_, i) => come(`10.0.0.${i}, 203.0.113.8`)));
        assert.deepEqual([...new Set(many)].sort(), [200, 429]);
        assert.equal(await come('203.0.113.8, 203.0.113.9'), 200);
    } finally {
        await open.stop();
    }
});

test('what a proxy says is never taken for this machine: limits hold', async () => {
    const open = await Server.start(['--guests', 'on']);
    const come = async (headers) =>
        (await api(open, 'sign_in_guest', { user: freshName('guest') }, headers)).status;
    try {
        for (const headers of [{ 'x-forwarded-for': '198.51.100.7:40000' }, { 'x-forwarded-for': '[2001:db8::1]:443' },
                               { forwarded: 'for="[2001:db8:1::1]:443"' }, { 'x-forwarded-for': '127.0.0.1' }]) {
            const many = await Promise.all(Array.from({ length: 50 }, () => come(headers)));
            assert.deepEqual([...new Set(many)].sort(), [200, 429], JSON.stringify(headers));
        }
        // Whom nobody names has one limit, whatever they say instead of a name: with one of their own so many would pass.
        for (const headers of [{ 'x-forwarded-for': 'unknown' }, { via: '1.1 proxy' }]) {
            const some = await Promise.all(Array.from({ length: 25 }, () => come(headers)));
            assert.ok(some.includes(429), JSON.stringify(headers));
        }
        assert.equal(await come({}), 200);
        await open.logged(/level=warn .*X-Forwarded-For/);
        assert.equal(open.log.match(/level=warn .*X-Forwarded-For/g).length, 1);
    } finally {
        await open.stop();
    }
});

test('any sign of a proxy, HTTP/1.0 and another name are not from here: no guest unless --guests says so', async () => {
    const ask = async (head) => status(await raw(server, `POST /api/1/sign_in_guest HTTP/${head}\r\n` +
        'Content-Type: application/json\r\nConnection: close\r\nContent-Length: 21\r\n\r\n' +
        JSON.stringify({ user: `g${freshName().slice(-8).padStart(9, 'x')}` }), answered));
    const host = `Host: 127.0.0.1:${server.port}`;
    assert.equal(await ask(`1.1\r\n${host}`), 200);
    for (const head of [`1.0\r\n${host}`, `1.1\r\n${host}\r\nVia: 1.1 proxy`, `1.1\r\n${host}\r\nX-Real-IP: 203.0.113.7`,
                        `1.1\r\n${host}\r\nCF-Connecting-IP: 203.0.113.7`, '1.1\r\nHost: chat.example', '1.0'])
        assert.equal(await ask(head), 403, head);
});

test('a body at the limit is read, one byte more is refused', async () => {
    const post = (bytes) => fetch(`${server.url}/api/1/whoami`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}'.padEnd(bytes),
    });
    assert.equal((await post(64 * 1024)).status, 200);
    assert.equal((await post(64 * 1024 + 1)).status, 413);
});

const status = (answer) => Number(answer.match(/^HTTP\/1\.[01] (\d+)/)?.[1] ?? 0);
const answered = (answer) => answer.includes('\r\n\r\n');

test('requests that smuggle or confuse are refused', async () => {
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    const cases = [
        ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
        ['two Hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`, 400],
        ['length and chunks', `POST /api/1/whoami HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
        ['two lengths', `POST /api/1/whoami HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`, 400],
        ['unknown coding', `POST /api/1/whoami HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n`, 400, 501],
        ['coding on GET', `GET / HTTP/1.1\r\n${host}Transfer-Encoding: identity\r\n\r\n`, 400, 501],
        ['not HTTP', 'hello\r\n\r\n', 400],
        ['other version', `GET / HTTP/3.0\r\n${host}\r\n`, 505, 400],
        ['absurd method', `BREW / HTTP/1.1\r\n${host}\r\n`, 501, 405],
        ['space in name', `GET / HTTP/1.1\r\n${host}X : y\r\n\r\n`, 400],
        ['NUL in target', `GET /\0 HTTP/1.1\r\n${host}\r\n`, 400],
        ['long header', `GET / HTTP/1.1\r\n${host}X: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
        ['line feed in a field', `GET / HTTP/1.1\r\n${host}X: a\nY: b\r\n\r\n`, 400],
        ['NUL in a field', `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 400],
        ['a user in the target', `GET http://u@127.0.0.1/ HTTP/1.1\r\n${host}\r\n`, 400],
        ['https where it was not spoken', `GET https://127.0.0.1/ HTTP/1.1\r\n${host}\r\n`, 421],
        ['many headers', `GET / HTTP/1.1\r\n${host}${'X: y\r\n'.repeat(500)}\r\n`, 431],
    ];
    for (const [name, bytes, ...expected] of cases) {
        const answer = await raw(server, bytes, answered);
        assert.ok(expected.includes(status(answer)), `${name}: ${status(answer)}`);
    }
    assert.equal((await get('/healthz')).status, 200);
});

// The answer to `body` as it stands, sent in chunks.
const chunked = (body) => raw(server, `POST /api/1/whoami HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n` +
    `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${body}`, answered);

test('a body in chunks is read, unless its framing could be read otherwise', async () => {
    const good = ['2\r\n{}\r\n0\r\n\r\n', '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n', '002\r\n{}\r\n0\r\n\r\n',
                  '2;a=b;c="d e"\r\n{}\r\n0;f\r\n\r\n', '2\r\n{}\r\n0\r\nTrailer: a\r\n\r\n'];
    for (const body of good) assert.equal(status(await chunked(body)), 200, JSON.stringify(body));
    const bad = ['2;a="b\nc"\r\n{}\r\n0\r\n\r\n', '2;a="b\0c"\r\n{}\r\n0\r\n\r\n', '2;a="\r"\r\n{}\r\n0\r\n\r\n',
                 '2\r\n{}\r\n0;a="\n"\r\n\r\n', `2;${'a'.repeat(1000)}\r\n{}\r\n0\r\n\r\n`, '2\n{}\r\n0\r\n\r\n',
                 '2 \n\r\n{}\r\n0\r\n\r\n', '0x2\r\n{}\r\n0\r\n\r\n', '-2\r\n{}\r\n0\r\n\r\n', '2\r\n{}0\r\n\r\n',
                 '2\r\n{}\n0\r\n\r\n', '2\r\n{}\r\n0\r\nTrailer: a\nb\r\n\r\n', '2\r\n{}\r\n0\r\nTrailer: a\0b\r\n\r\n',
                 '2\r\n{}\r\n0\r\nno colon\r\n\r\n', '10000000000000002\r\n{}\r\n0\r\n\r\n'];
    for (const body of bad) assert.ok([400, 413].includes(status(await chunked(body))), JSON.stringify(body));
});

test('a target may name the host, which then stands for Host', async () => {
    const ask = (line, host, more = '') =>
        raw(server, `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`, answered);
    const here = `127.0.0.1:${server.port}`;
    assert.equal(status(await ask(`GET http://${here}/healthz`, here)), 200);
    assert.equal(status(await ask(`GET http://${here}`, here)), 200);
    assert.equal(status(await ask(`GET http://${here}?a=b`, here)), 200);
    const body = 'Content-Type: application/json\r\nContent-Length: 2\r\n';
    const origin = `Origin: http://chat.example\r\n${body}`;
    const posted = async (target, host) => status(await raw(server,
        `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${origin}\r\n{}`, answered));
    assert.equal(await posted('http://chat.example/api/1/whoami', here), 200);
    assert.equal(await posted(`http://${here}/api/1/whoami`, 'chat.example'), 403);
});

test('OPTIONS * asks about the whole server', async () => {
    const answer = await raw(server, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', answered);
    assert.equal(status(answer), 204);
    assert.match(answer, /\r\nAllow: GET, HEAD, POST, OPTIONS\r\n/);
    assert.equal(status(await raw(server, 'GET * HTTP/1.1\r\nHost: x\r\n\r\n', answered)), 400);
});

test('cookies of other servers on this host are no reason to refuse', async () => {
    assert.equal((await get('/healthz', { cookie: `a=${'b'.repeat(12_000)}; c=${'d'.repeat(12_000)}` })).status, 200);
});

test('requests in one packet are answered in order', async () => {
    const one = (path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
    const answer = await raw(server, one('/healthz') + one('/nothing') + one('/healthz'),
                             (all) => (all.match(/HTTP\/1\.1 /g) ?? []).length === 3 && all.endsWith('ok\n') || all.split('HTTP/1.1 ').length === 4 && answered(all.split('HTTP/1.1 ')[3]));
    assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
});

// Sends `start`, waits for an answer, then sends `rest` all the same; gives what came until the server closed.
async function stubborn(start, rest) {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    let all = '';
    socket.write(start);
    socket.on('data', (chunk) => {
        if (!answered(all) && answered(all += chunk.toString('latin1'))) socket.write(rest);
    });
    await once(socket, 'close');
    return all;
}

test('a head or body that dribbles in is given up in time, and what comes later is not carried out', { timeout: 90_000 }, async () => {
    const host = `Host: 127.0.0.1:${server.port}\r\n`, user = freshName('late');
    const said = JSON.stringify({ user });
    const post = `POST /api/1/sign_in_guest HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: ${said.length}\r\n`;
    const dribble = async (start, rest) => {
        const answer = await stubborn(start, rest);
        assert.equal(status(answer), 408);
    };
    await Promise.all([
        dribble('GET / HTTP/1.1\r\nHo', `st: x\r\n\r\nGET /healthz HTTP/1.1\r\n${host}\r\n`),
        dribble('GET / HTTP/1.1\r\nX: ', 'y'.repeat(100_000)),
        dribble(`${post}\r\n${said.slice(0, 5)}`, said.slice(5)),
    ]);
    assert.equal((await get('/healthz')).status, 200);
    // The name is still free.
    assert.equal((await api(server, 'sign_in_guest', { user })).status, 200);
});
