// The page as people use it: two of them talk, reload, lose the connection, and try to break it.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Client, freshNonce, PlainClient } from '../integration/clients.mjs';
import { online, row, say, signInAsGuest, Stage, texts } from './chromium.mjs';

let stage;
before(async () => { stage = await Stage.open(['--send-burst', '0']); });
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

test('C1 E10 E11: two pages talk in real time, with names, times and typing', async () => {
    const [ann, bob] = [await stage.guest('ann'), await stage.guest('bob')];
    // The sign goes after some seconds: somebody looks from the beginning.
    const seen = bob.waitForFunction(() => document.querySelector('#typing').textContent.includes('ann'));
    await Promise.all([seen, ann.type('#composer textarea', 'hello bo')]);
    await ann.type('#composer textarea', 'b');
    await ann.press('#composer textarea', 'Enter');
    await row(ann, 'hello bob', 'sent');
    const heard = await row(bob, 'hello bob', 'sent');
    assert.equal(await ann.inputValue('#composer textarea'), '');
    assert.ok(await heard.evaluate((one) => one.querySelector('time') !== null || one.closest('[data-row]').querySelector('time') !== null));
    await bob.waitForFunction(() => [...document.querySelectorAll('#timeline .author')].some((one) => one.textContent.includes('ann')));
    await bob.waitForFunction(() => document.querySelector('#announcer').textContent.includes('hello bob'));
    await say(bob, 'two\nlines');
    await row(ann, 'two\nlines', 'sent');
    await ann.context().close();
    await bob.context().close();
});

test('a command-line client and the page sit in one room', async () => {
    const page = await stage.guest('carl');
    const plain = await PlainClient.connect(stage.server, '/ws?name=terminal');
    plain.say('from a terminal');
    await row(page, 'from a terminal', 'sent');
    const author = page.locator('.author.guest', { hasText: /^terminal$/ });
    assert.equal(await author.evaluate((element) => getComputedStyle(element, '::after').content), '"guest"');
    await say(page, 'from the page');
    await plain.until((m) => m === '~carl: from the page');
    await plain.close();
    await page.context().close();
});

test('a reload keeps the session and the history', async () => {
    const page = await stage.guest('dora');
    await say(page, 'still here after a reload');
    await row(page, 'still here after a reload', 'sent');
    await page.reload();
    await online(page);
    await row(page, 'still here after a reload', 'sent');
    await page.context().close();
});

test('Shift+Enter breaks the line, and Enter never sends while an input method composes', async () => {
    const page = await stage.guest('emil');
    await page.type('#composer textarea', 'one');
    await page.press('#composer textarea', 'Shift+Enter');
    await page.type('#composer textarea', 'two');
    await page.$eval('#composer textarea', (field) => field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
    assert.equal(await page.inputValue('#composer textarea'), 'one\ntwo');
    await page.press('#composer textarea', 'Enter');
    await row(page, 'one\ntwo', 'sent');
    await page.context().close();
});

test('what is written offline survives a reload, is sent once, and in order', async () => {
    const page = await stage.guest('fred');
    const port = stage.server.port;
    await stage.server.kill();
    await page.waitForSelector('body[data-connection="offline"], body[data-connection="connecting"]');
    await say(page, 'written offline 1');
    await say(page, 'written offline 2');
    await row(page, 'written offline 2', 'sending');
    await page.waitForSelector('#strip:not([hidden])');
    await stage.server.launch();
    assert.equal(stage.server.port, port);
    await page.reload();
    await online(page);
    await row(page, 'written offline 1', 'sent');
    await row(page, 'written offline 2', 'sent');
    const reader = await Client.guest(stage.server);
    const { events } = await reader.ask('history', { room: 'lobby', limit: 50 });
    const offline = events.map((e) => e.text).filter((text) => text?.startsWith('written offline'));
    assert.deepEqual(offline, ['written offline 1', 'written offline 2']);
    assert.ok(await page.$eval('#strip', (strip) => strip.hidden));
    await page.context().close();
});

test('a connection that breaks again and again doubles and loses nothing', async () => {
    const page = await stage.guest('gerd');
    for (let i = 0; i < 4; i++) {
        await say(page, `through the storm ${i}`);
        await stage.server.restart();
    }
    for (let i = 0; i < 4; i++) await row(page, `through the storm ${i}`, 'sent');
    const shown = (await texts(page)).filter((text) => text.startsWith('through the storm'));
    assert.deepEqual(shown, [0, 1, 2, 3].map((i) => `through the storm ${i}`));
    await page.context().close();
});

test('markup and script stay text, and only web addresses become links', async () => {
    const page = await stage.guest('hugo');
    const hostile = [
        '<img src=x onerror="window.hacked=1">', '<script>window.hacked=1</script>', '"><svg onload=window.hacked=1>',
        '&lt;b&gt;', 'javascript:window.hacked=1', "http://x.example/'onmouseover='window.hacked=1", '{{7*7}} ${7*7}',
        '\u202egnp.exe', '<a href="javascript:window.hacked=1">x</a>', 'data:text/html,<script>window.hacked=1</script>',
    ];
    const writer = await Client.guest(stage.server);
    for (const text of hostile) assert.equal((await writer.say('lobby', text)).type, 'ok');
    for (const text of hostile) await row(page, text, 'sent');
    await writer.ask('create_room', { room: 'hostile', title: '<img src=x onerror="window.hacked=1">' });
    await writer.say('lobby', 'see https://example.org/a?b=c&d=(e). And http://example.org');
    await page.waitForFunction(() => document.querySelector('#timeline a[href^="https://example.org/"]'));
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    const links = await page.$$eval('#timeline .text a', (all) => all.map((one) => ({ protocol: one.protocol, rel: one.rel })));
    for (const link of links) {
        assert.ok(['http:', 'https:'].includes(link.protocol), link.protocol);
        assert.match(link.rel, /noopener/);
    }
    assert.equal(await page.$$eval('#timeline img, #timeline script, #timeline svg[onload]', (all) => all.length), 0);
    await page.context().close();
});

test('E9: a room is created, joined by another, left, and unread is counted', async () => {
    const [ann, bob] = [await stage.guest('ina'), await stage.guest('jan')];
    await ann.click('#new-room');
    await ann.waitForSelector('dialog[open]');
    await ann.fill('dialog[open] input[name=title]', 'Book club');
    await ann.press('dialog[open] input[name=title]', 'Enter');
    await ann.waitForSelector('#rooms [data-room="book-club"]');
    await bob.click('#browse-rooms');
    await bob.click('dialog[open] [data-room="book-club"]');
    await bob.waitForSelector('#rooms [data-room="book-club"]');
    await bob.click('#rooms [data-room="lobby"]');
    await say(ann, 'anybody read it?');
    await bob.waitForFunction(() =>
        document.querySelector('#rooms [data-room="book-club"] .unread')?.textContent.trim() === '1');
    await bob.click('#rooms [data-room="book-club"]');
    await row(bob, 'anybody read it?', 'sent');
    await bob.waitForFunction(() => {
        const badge = document.querySelector('#rooms [data-room="book-club"] .unread');
        return !badge || badge.hidden || badge.textContent.trim() === '';
    });
    await ann.context().close();
    await bob.context().close();
});

test('a title of any script makes a room, under the name that the dialog shows', async () => {
    const page = await stage.guest('yui');
    for (const [title, name] of [['Überblick', /^uberblick$/], ['日本語', /^room-[a-z0-9]{4}$/], ['🎉', /^room-[a-z0-9]{4}$/]]) {
        await page.click('#new-room');
        await page.fill('#new-title', title);
        const shown = await page.textContent('#derived-name');
        assert.match(shown, name);
        await page.press('#new-title', 'Enter');
        await page.waitForSelector(`#rooms [data-room="${shown}"][aria-current]`);
        assert.equal(await page.textContent('#room-title'), title);
    }
    await page.context().close();
});

test('an account is opened in the page, signed out of, and signed in to again', async () => {
    const page = await stage.visit();
    await page.waitForSelector('body[data-view="sign-in"]');
    const show = async (form) => {
        if (!(await page.isVisible(`#${form} input[name=user]`))) await page.click(`[aria-controls="${form}"], [data-form="${form}"]`);
    };
    await show('sign-up-form');
    await page.fill('#sign-up-form input[name=user]', 'klara');
    await page.fill('#sign-up-form input[name=password]', 'correct horse');
    await page.press('#sign-up-form input[name=password]', 'Enter');
    await online(page);
    await page.click('#sign-out');
    await page.waitForSelector('body[data-view="sign-in"]');
    await show('sign-in-form');
    await page.fill('#sign-in-form input[name=user]', 'klara');
    await page.fill('#sign-in-form input[name=password]', 'correct horse');
    await page.press('#sign-in-form input[name=password]', 'Enter');
    await online(page);
    await page.context().close();
});

test('older pages come on scrolling up without a jump, and rows out of sight leave the page', async () => {
    const writer = await Client.guest(stage.server);
    await writer.ask('create_room', { room: 'long' });
    for (let i = 0; i < 1200; i += 24)
        await Promise.all(Array.from({ length: 24 }, (_, k) => writer.ask('send', { room: 'long', nonce: freshNonce(), text: `line ${i + k}` })));
    const page = await stage.visit('/#long');
    await signInAsGuest(page, 'lena');
    await page.click('#browse-rooms');
    await page.click('dialog[open] [data-room="long"]');
    await row(page, 'line 1199', 'sent');
    const seen = new Set();
    let most = 0;
    await page.hover('#timeline');
    for (let turn = 0; turn < 400 && !seen.has('line 0'); turn++) {
        await page.mouse.wheel(0, -1500);
        await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
        for (const text of await texts(page)) seen.add(text);
        most = Math.max(most, await page.$$eval('#timeline [data-row]', (rows) => rows.length));
    }
    for (let i = 0; i < 1200; i++) assert.ok(seen.has(`line ${i}`), `line ${i} was never shown`);
    assert.ok(most <= 200, `${most} rows in the page`);
    await page.context().close();
});
