// Behind nginx, at the root of a host and under a path, by the configuration that operators are told to write.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from '../integration/server.mjs';
import { fetch } from '../integration/within.mjs';
import { online, openBrowser, row, say, signUp, texts, waitMsMax } from './chromium.mjs';
import { location, Nginx } from './nginx.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

// Runs `act` with the address of a server behind nginx, then ends both.
async function behindNginx(path, { flags = [], strip = false, locations = [] }, act) {
    const server = await Server.start(['--guests', 'on', ...flags]);
    const nginx = await Nginx.start([...locations, location(path, server.port, { strip })]);
    try {
        await act({ server, nginx, url: nginx.url + path });
    } finally {
        await nginx.stop();
        await server.stop();
    }
}

// A browser of one person. What it asks for outside of `url`, in vain or twice is kept in `page.faults`.
async function visit(url, profile) {
    const page = await (profile ?? (await browser.newContext())).newPage();
    page.setDefaultTimeout(waitMsMax);
    page.faults = [];
    const files = new Set();
    page.on('request', (request) => {
        if (!request.url().startsWith(url)) page.faults.push(`outside: ${request.url()}`);
    });
    page.on('response', (response) => {
        if (response.status() >= 400) page.faults.push(`${response.status()}: ${response.url()}`);
        if (!/\.(?:js|wasm)$/.test(response.url())) return;
        if (files.has(response.url())) page.faults.push(`twice: ${response.url()}`);
        files.add(response.url());
    });
    page.on('pageerror', (error) => page.faults.push(String(error)));
    page.on('console', (line) => {
        if (['error', 'warning'].includes(line.type())) page.faults.push(line.text());
    });
    await page.goto(url);
    return page;
}

const settings = [
    ['at the root of a host', '/', {}],
    ['under a path that nginx takes off', '/chat/', { strip: true }],
    ['under a path that nginx passes on', '/chat/', { flags: ['--base', '/chat/'] }],
    ['under a path that nginx takes off and the server knows', '/chat/', { flags: ['--base', '/chat'], strip: true }],
];

for (const [where, path, setting] of settings)
    test(`two browsers talk ${where}`, () => behindNginx(path, setting, async ({ url }) => {
        const pages = [await visit(url), await visit(url)];
        for (const [i, page] of pages.entries()) await signUp(page, `person-${i}`);
        await say(pages[0], 'through nginx');
        await row(pages[1], 'through nginx');
        await say(pages[1], 'and back');
        await row(pages[0], 'and back', 'sent');
        await pages[0].waitForFunction(() => document.querySelectorAll('#presence li').length === 2);
        for (const page of pages) assert.deepEqual(page.faults, []);
        await pages[0].reload();
        await online(pages[0]);
        await row(pages[0], 'and back');
        await pages[1].goto(url + 'echo.html');
        await pages[1].waitForSelector('#output :text("Connected")');
        await pages[1].fill('#input', 'echo this');
        await pages[1].press('#input', 'Enter');
        await pages[1].waitForSelector('#output :text("echo this")');
        for (const page of pages) await page.context().close();
    }));

test('two servers at one host share neither what is kept in the browser nor a session', async () => {
    const [one, other] = [await Server.start(), await Server.start()];
    const nginx = await Nginx.start([location('/one/', one.port, { strip: true }),
                                     location('/other/', other.port, { strip: true })]);
    try {
        const profile = await browser.newContext();
        const [here, there] = [await visit(nginx.url + '/one/', profile), await visit(nginx.url + '/other/', profile)];
        await signUp(here, 'ann');
        await signUp(there, 'ann');
        await one.kill();
        await here.waitForSelector('body:not([data-connection="online"])');
        await say(here, 'for one alone');
        await row(here, 'for one alone');
        await there.reload();
        await online(there);
        await say(there, 'for the other');
        await row(there, 'for the other', 'sent');
        await one.launch();
        await here.reload();
        await online(here);
        await row(here, 'for one alone', 'sent');
        for (const [page, text] of [[here, 'for one alone'], [there, 'for the other']])
            assert.deepEqual(await texts(page), [text]);
        await profile.close();
    } finally {
        await nginx.stop();
        await one.stop();
        await other.stop();
    }
});

test('pages and calls need nothing of HTTP/1.1: by the defaults of nginx all but the WebSocket works', async () => {
    const server = await Server.start();
    const nginx = await Nginx.start([`location / { proxy_pass http://127.0.0.1:${server.port}; }`]);
    try {
        for (const path of ['', 'icon.svg', 'style.css', 'app.js', 'parley.wasm', 'echo.html', 'healthz']) {
            const response = await fetch(nginx.url + '/' + path);
            assert.equal(response.status, 200, path);
            assert.ok((await response.text()).length > 0, path);
        }
        const answer = await fetch(nginx.url + '/api/1/whoami', {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
        assert.equal(answer.status, 200);
        assert.equal((await answer.json()).type, 'ok');
    } finally {
        await nginx.stop();
        await server.stop();
    }
});

// What a person reads, in the end: missing.test.mjs looks at the time.
const reads = (page, pattern) =>
    page.waitForFunction((source) => new RegExp(source).test(document.body.innerText), pattern.source);

test('where nginx keeps a header for itself, the page says which', async () => {
    const server = await Server.start(['--guests', 'on']);
    const toServer = `proxy_pass http://127.0.0.1:${server.port};`;
    const bare = await Nginx.start([`location / { ${toServer} }`]);
    const withHost = await Nginx.start([`location / { ${toServer} proxy_set_header Host $http_host; }`]);
    try {
        const refused = await visit(bare.url);
        await reads(refused, /pass the Host header on, or start Parley with --origin http:\/\/127/);
        const halfway = await visit(withHost.url);
        await halfway.fill('#guest-form input[name=user]', 'ann');
        await halfway.press('#guest-form input[name=user]', 'Enter');
        await reads(halfway, /pass the headers Upgrade and Connection on for \/ws/);
        for (const page of [refused, halfway]) await page.context().close();
    } finally {
        await bare.stop();
        await withHost.stop();
        await server.stop();
    }
});
