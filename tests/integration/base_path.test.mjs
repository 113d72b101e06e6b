// A server under a path of its own: what comes below the path, and what comes as a proxy that takes it off passes it on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, freshName, PlainClient } from './clients.mjs';
import { runToEnd, Server } from './server.mjs';
import { fetch } from './within.mjs';

let server;
before(async () => { server = await Server.start(['--base', '/our/chat']); });
after(() => server.stop());

const get = (path, options) => fetch(server.url + path, { redirect: 'manual', ...options });

test('the server says where it can be opened', async () => {
    await server.logged(/listens on http:\/\/localhost:\d+\/our\/chat\/ /);
});

for (const base of ['/our/chat/', '/'])
    test(`page, files, probes and calls are at ${base}`, async () => {
        const page = await get(base);
        assert.equal(page.status, 200);
        assert.match(await page.text(), /<title>Parley/);
        for (const [, address] of page.headers.get('link').matchAll(/<([^>]*)>/g)) {
            assert.doesNotMatch(address, /\//);
            assert.equal((await get(base + address)).headers.get('cache-control'), 'public, max-age=31536000, immutable');
        }
        for (const path of ['index.html', 'icon.svg', 'echo.html', 'healthz', 'readyz', 'metrics'])
            assert.equal((await get(base + path)).status, 200, path);
        const { status } = await api({ url: server.url + base.slice(0, -1) }, 'whoami');
        assert.equal(status, 200);
        const talker = await PlainClient.connect(server, `${base}ws?room=lobby`);
        const back = talker.next((line) => line.includes('hello from below'));
        talker.say('hello from below');
        await back;
        await talker.close();
    });

test('the path without its last slash leads to the page, with its query', async () => {
    const answer = await get('/our/chat?room=lobby');
    assert.equal(answer.status, 308);
    assert.equal(answer.headers.get('location'), '/our/chat/?room=lobby');
    for (const other of ['/our', '/our/', '/our/chats/', '/our/chat/our/chat/', '/elsewhere/our/chat/'])
        assert.equal((await get(other)).status, 404, other);
});

test('the session is for what is below the path', async () => {
    const { headers } = await api(server, 'sign_up', { user: freshName(), password: 'correct horse' });
    for (const cookie of headers.getSetCookie()) assert.match(cookie, /^parley_\w+_\d+=[^;]+; Path=\/our\/chat\/; Max-Age=/);
});

test('the log has the path as it came', async () => {
    await get('/our/chat/not-there');
    await server.logged(/path=\/our\/chat\/not-there /);
});

test('what is no path is refused at the start', async () => {
    const { code, stderr } = await runToEnd(['--base', 'chat/']);
    assert.equal(code, 2);
    assert.match(stderr, /^parley: --base: expected a path, as \/chat\/.*\n$/);
});
