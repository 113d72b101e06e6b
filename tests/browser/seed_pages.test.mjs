// The two pages of the seeds, written as their rows describe, work unchanged: A4 from another origin on localhost that
// the server is told to trust, D2 on the server itself.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { freePort } from '../integration/server.mjs';
import { once } from '../integration/within.mjs';
import { Stage } from './chromium.mjs';

const seedPage = (port) => `<!DOCTYPE html>
<html><body>
<input id="message" type="text"><button id="send">Send</button><ul id="messages"></ul>
<script>
  const ws = new WebSocket("ws://localhost:${port}/ws");
  ws.onmessage = (event) => {
    const item = document.createElement("li");
    item.innerText = event.data;
    document.getElementById("messages").appendChild(item);
  };
  document.getElementById("send").onclick = () => {
    const field = document.getElementById("message");
    ws.send(field.value);
    field.value = "";
  };
</script></body></html>`;

test('A4: the index.html of the seed, served from elsewhere, works unchanged', async () => {
    const elsewhere = await freePort();
    const stage = await Stage.open(['--origin', `http://localhost:${elsewhere}`]);
    const host = createServer((_, response) =>
        response.setHeader('content-type', 'text/html').end(seedPage(stage.server.port))).listen(elsewhere, '127.0.0.1');
    await once(host, 'listening');
    try {
        const pages = [];
        for (let i = 0; i < 2; i++) {
            const page = await (await stage.browser.newContext()).newPage();
            await page.goto(`http://localhost:${elsewhere}/`);
            await page.waitForFunction(() => ws.readyState === WebSocket.OPEN);
            pages.push(page);
        }
        await pages[0].fill('#message', 'hello from a seed');
        await pages[0].click('#send');
        for (const page of pages) await page.waitForSelector('li:text-is("hello from a seed")');
        assert.equal(await pages[0].inputValue('#message'), '');
    } finally {
        await stage.close();
        host.close();
        host.closeAllConnections();
    }
});

test('D2: /echo.html shows "Connected", then each returned message; sending clears the field', async () => {
    const stage = await Stage.open();
    try {
        const page = await stage.visit('/echo.html');
        await page.waitForFunction(() => document.body.innerText.includes('Connected'));
        await page.fill('input', 'echo this');
        await page.press('input', 'Enter');
        await page.waitForFunction(() => document.body.innerText.includes('echo this'));
        assert.equal(await page.inputValue('input'), '');
        assert.deepEqual(stage.errors, []);
    } finally {
        await stage.close();
    }
});
