// What the page costs a visitor: bytes of a first visit, time until it is connected, and how smoothly a room of 10,000
// messages scrolls. Prints one line each, with the limit it is held to; exits 1 when one is missed.
import { Client, freshNonce } from '../integration/clients.mjs';
import { online, Stage } from '../browser/chromium.mjs';
import { report, status } from './report.mjs';

const visits = 10;
const messages = 10_000;
const room = 'busy';
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// Bytes of every answer as they travelled, heads included, the way DevTools counts them.
async function firstVisit(stage) {
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    const answers = new Map();
    devtools.on('Network.responseReceived', ({ requestId, response }) =>
        answers.set(requestId, { url: response.url, bytes: 0 }));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        if (answers.has(requestId)) answers.get(requestId).bytes = encodedDataLength;
    });
    await page.goto(stage.server.url);
    await page.waitForSelector('body[data-view="sign-in"]');
    await page.waitForLoadState('networkidle');
    await context.close();
    for (const { url, bytes } of answers.values())
        console.log(`       ${String(bytes).padStart(7)} bytes ${new URL(url).pathname}`);
    return [...answers.values()].reduce((sum, one) => sum + one.bytes, 0);
}

// Milliseconds from navigation to `connected`, for somebody who is signed in already; each visit with an empty cache.
async function timeToConnected(stage) {
    const page = await stage.guest('visitor');
    const [cookie] = await page.context().cookies();
    await page.context().close();
    const times = [];
    for (let i = 0; i < visits; i++) {
        const context = await stage.browser.newContext();
        await context.addCookies([cookie]);
        const fresh = await context.newPage();
        await fresh.addInitScript(() => {
            const seen = new MutationObserver(() => {
                if (document.body?.dataset.connection !== 'online') return;
                globalThis.connectedAt = performance.now();
                seen.disconnect();
            });
            seen.observe(document, { subtree: true, childList: true, attributes: true });
        });
        await fresh.goto(stage.server.url);
        await online(fresh);
        times.push(await fresh.evaluate(() => globalThis.connectedAt));
        await context.close();
    }
    return Math.round(median(times));
}

async function fill(stage) {
    const writer = await Client.guest(stage.server);
    await writer.ask('create_room', { room });
    for (let i = 0; i < messages; i += 25)
        await Promise.all(Array.from({ length: 25 }, (_, k) => writer.ask('send', {
            room, nonce: freshNonce(), text: `message ${i + k} ${'of ordinary length, with a few words '.repeat((i + k) % 4)}` })));
    writer.socket.terminate();
}

// Frames a second while the wheel turns through the whole room, and the most rows that the page ever had.
async function scrolling(stage) {
    const page = await stage.guest('scroller', { viewport: { width: 1280, height: 800 } });
    await page.click('#browse-rooms');
    await page.click(`dialog[open] [data-room="${room}"]`);
    await page.waitForFunction((last) => document.querySelector('#timeline')?.textContent.includes(last), `message ${messages - 1}`);
    await page.evaluate(() => {
        const measured = { frames: 0, from: performance.now(), rows: 0 };
        globalThis.measured = measured;
        const frame = () => {
            measured.frames += 1;
            measured.rows = Math.max(measured.rows, document.querySelectorAll('#timeline [data-row]').length);
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
    });
    await page.hover('#timeline');
    const shows = (text) => page.evaluate((wanted) => document.querySelector('#timeline').textContent.includes(wanted), text);
    const until = performance.now() + 60_000;
    while (!(await shows('message 0 ')) && performance.now() < until) await page.mouse.wheel(0, -3000);
    const { frames, from, rows, now } = await page.evaluate(() => ({ ...globalThis.measured, now: performance.now() }));
    const reached = await shows('message 0 ');
    await page.context().close();
    return { rate: Math.round(frames / ((now - from) / 1000)), rows, reached };
}

const stage = await Stage.open(['--send-burst', '0', '--log-level', 'warn']);
try {
    const bytes = await firstVisit(stage);
    report('first visit, everything, brotli', bytes, 'bytes', 'at most 92160', bytes <= 90 * 1024);
    const ms = await timeToConnected(stage);
    report(`navigation to connected, median of ${visits}`, ms, 'ms', 'at most 300', ms <= 300);
    await fill(stage);
    const { rate, rows, reached } = await scrolling(stage);
    report(`${messages} messages: rows in the page, at most`, rows, 'rows', 'at most 200', rows <= 200);
    report(`${messages} messages: frames while scrolling to the first`, rate, '/s', 'at least 50', rate >= 50 && reached);
} finally {
    await stage.close();
}
process.exitCode = status();
