// The page without what it needs: within 5 s it says what is missing and who can mend it, and it is back by itself.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { patience } from '../integration/server.mjs';
import { online, row, say, signInAsGuest, Stage, waitMsMax } from './chromium.mjs';
import { once } from '../integration/within.mjs';

// Within 5 s of the page's own clock: a slow machine takes time of its own, a few times as long as for a page that lacks
// nothing.
const soon = { timeout: 5_000 * patience };

let stage, slownessMs;
before(async () => {
    stage = await Stage.open(['--guests', 'on']);
    const from = performance.now();
    const page = await visit();
    await page.waitForSelector('body[data-view="sign-in"]');
    slownessMs = 3 * (performance.now() - from);
    soon.timeout += slownessMs;
    await page.context().close();
});
after(() => stage.close());
afterEach(() => { stage.errors.length = 0; });  // that something fails is the point

// Opens the page after `prepare` has broken something; gives what a person reads then.
async function visit(prepare, context = {}, url = stage.server.url) {
    const profile = await stage.browser.newContext(context);
    const page = await profile.newPage();
    page.setDefaultTimeout(waitMsMax);
    await prepare?.(page);
    await page.goto(url, { waitUntil: 'commit' });
    return page;
}
const reads = (page, pattern) =>
    page.waitForFunction((source) => new RegExp(source).test(document.body.innerText), pattern.source, soon);

// A proxy in front of the server with one mistake. `pass` changes the headers, or gives a status to answer instead.
async function proxy(pass) {
    const front = createServer((asked, answer) => {
        const headers = { ...asked.headers };
        const status = pass(asked, headers);
        if (status) return answer.writeHead(status, { 'content-type': 'text/html' }).end('<h1>proxy</h1>');
        const passed = request({ port: stage.server.port, host: '127.0.0.1', method: asked.method, path: asked.url, headers });
        passed.on('response', (got) => {
            answer.writeHead(got.statusCode, got.rawHeaders.reduce((all, one, i, raw) =>
                i % 2 ? all : [...all, [one, raw[i + 1]]], []));
            got.pipe(answer);
        });
        passed.on('error', () => answer.writeHead(502).end('bad gateway'));
        asked.pipe(passed);
    }).listen(0, '127.0.0.1');
    // A handshake is passed on as an ordinary request, the way a proxy does that was not told of WebSocket.
    front.on('upgrade', (asked, socket) => {
        socket.on('error', () => {});
        socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
    await once(front, 'listening');
    const { port } = front.address();
    return { url: `http://127.0.0.1:${port}/`, close: () => { front.close(); front.closeAllConnections(); } };
}

test('without WebAssembly', async () => {
    const page = await visit((page) => page.addInitScript(() => delete globalThis.WebAssembly));
    await reads(page, /WebAssembly.*browser's settings/);
    await page.context().close();
});

test('without scripts', async () => {
    const page = await visit(null, { javaScriptEnabled: false });
    const words = page.locator('noscript');
    await words.waitFor(soon);
    assert.match(await words.textContent(), /needs JavaScript.*Allow scripts/);
    await page.context().close();
});

for (const [file, kind] of [['app', 'js'], ['parley', 'wasm']])
    for (const status of [0, 404])
        test(`with ${file}.${kind} ${status ? 'missing' : 'blocked'}`, async () => {
            const page = await visit((page) => page.route(new RegExp(`/${file}\\.[^/]*\\.${kind}$`), (route) =>
                status ? route.fulfill({ status, body: 'gone' }) : route.abort()));
            await reads(page, new RegExp(`${file}\\.[^ ]*${kind} could not be loaded.*the administrator`));
            assert.ok(await page.isVisible('#missing button'));
            await page.unrouteAll();
            await page.click('#missing button');
            await page.waitForSelector('body[data-view="sign-in"]');
            assert.ok(await page.isHidden('#missing'));
            await page.context().close();
        });

for (const [when, trap] of [
    ['in a call', () => setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); })],
    ['after an answer', () => { Promise.reject(new WebAssembly.RuntimeError('unreachable')); }],
])
    test(`a program that stops ${when} says that the page must be reloaded`, async () => {
        const page = await visit();
        await page.waitForSelector('body[data-view="sign-in"]');
        await page.evaluate(trap);
        await reads(page, /Parley has stopped.*Reload the page/);
        await page.context().close();
    });

test('with its look blocked: it works, and says so', async () => {
    const page = await visit((page) => page.route(/\.css$/, (route) => route.abort()));
    await reads(page, /style\S*\.css could not be loaded/);
    await page.context().close();
});

test('with a file that never comes', async () => {
    const page = await visit((page) => page.route(/\.wasm$/, () => {}));
    await reads(page, /Loading takes longer than usual/);
    await page.context().close();
});

test('without cookies: said before anybody signs in, and found out when the browser does not say', async () => {
    const told = await visit((page) => page.addInitScript(() =>
        Object.defineProperty(navigator, 'cookieEnabled', { value: false })));
    await reads(told, /Allow cookies/);
    await told.context().close();
    const untold = await visit((page) => page.route('**/api/1/sign_in_guest', async (route) => {
        const answer = await route.fetch();
        const { 'set-cookie': _, ...headers } = answer.headers();
        await page.context().clearCookies();
        await route.fulfill({ response: answer, headers });
    }));
    await untold.fill('#guest-form input[name=user]', 'crumb');
    await untold.press('#guest-form input[name=user]', 'Enter');
    await reads(untold, /Allow cookies/);
    await untold.context().close();
});

test('behind a proxy that does not pass Host on: the origin is named, with both ways out', async () => {
    const front = await proxy((_, headers) => { headers.host = 'backend.internal:8080'; });
    const page = await visit(null, {}, front.url);
    await reads(page, /pass the Host header on, or start Parley with --origin http:\/\/127/);
    assert.ok(await page.isVisible('#retry'));
    await page.context().close();
    front.close();
});

test('behind a proxy that forwards the page alone, and one whose server is down', async () => {
    let status = 404;
    const front = await proxy(({ url }) => url.startsWith('/api/') ? status : 0);
    const page = await visit(null, {}, front.url);
    await reads(page, /answer 404.*pass all of \/api\/ and \/ws on/);
    status = 502;
    await reads(page, /proxy in front of the server does not reach it \(answer 502\)/);
    status = 0;
    await page.waitForSelector('body[data-view="sign-in"]', soon);
    assert.ok(await page.isHidden('#strip'));
    await page.context().close();
    front.close();
});

test('behind a proxy that refuses WebSocket: the headers are named', async () => {
    const front = await proxy(() => 0);
    const page = await visit(null, {}, front.url);
    await page.fill('#guest-form input[name=user]', 'plain');
    await page.press('#guest-form input[name=user]', 'Enter');
    await reads(page, /Upgrade and Connection on for \/ws/);
    await page.context().close();
    front.close();
});

test('with a server that is silent', async () => {
    const page = await visit((page) => page.route('**/api/1/whoami', () => {}));
    await reads(page, /takes long to answer/);
    await page.context().close();
});

test('back within 2 s after a long outage, with a countdown and a button meanwhile', async () => {
    const page = await visit();
    await signInAsGuest(page, 'patient');
    const downSince = performance.now();
    await stage.server.kill();
    await reads(page, /You're offline\. Messages will be sent when you're back\..*(?:Retrying).*Retry now/s);
    await page.waitForFunction((until) => performance.now() >= until,
        await page.evaluate((left) => performance.now() + left, Math.max(0, 20_000 - (performance.now() - downSince))),
        { timeout: waitMsMax });
    await stage.server.launch();
    const upSince = performance.now();
    await online(page);
    const ms = performance.now() - upSince;
    assert.ok(ms < 2_000 * patience + slownessMs, `back after ${Math.round(ms)} ms`);
    assert.ok(await page.isHidden('#strip'));
    await say(page, 'here again');
    await row(page, 'here again', 'sent');
    await page.context().close();
});
