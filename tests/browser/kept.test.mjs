// What was typed is not lost, and an error stands beside its cause until the cause is gone.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Client } from '../integration/clients.mjs';
import { online, row, say, signInAsGuest, Stage } from './chromium.mjs';

let stage;
before(async () => { stage = await Stage.open(['--send-burst', '0']); });
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

const composer = '#composer textarea';
const shows = (page, selector, pattern) => page.waitForFunction(([selector, source]) =>
    [...document.querySelectorAll(selector)].some((one) => one.checkVisibility() && new RegExp(source).test(one.textContent)),
[selector, pattern.source]);

async function openNewRoom(page, title) {
    await page.click('#new-room');
    await page.waitForSelector('#new-room-dialog[open]');
    await page.fill('#new-title', title);
    await page.press('#new-title', 'Enter');
}

test('drafts stay with their rooms, through a change of room, a reload, and a tab that is thrown away', async () => {
    const page = await stage.guest('drafter');
    await page.type(composer, 'half a thought');
    await openNewRoom(page, 'Drafts');
    await page.waitForSelector('#rooms [data-room="drafts"][aria-current]');
    assert.equal(await page.inputValue(composer), '');
    await page.type(composer, 'another\u00e9 \ud83c\udf89');
    await page.click('#rooms [data-room="lobby"]');
    await page.waitForFunction((selector) => document.querySelector(selector).value === 'half a thought', composer);
    await page.reload();
    await online(page);
    await page.click('#rooms [data-room="drafts"]');
    await page.waitForFunction((selector) => document.querySelector(selector).value.startsWith('another'), composer);
    const next = await page.context().newPage();
    await page.close();
    await next.goto(stage.server.url + '/#lobby');
    await next.waitForFunction((selector) => document.querySelector(selector).value === 'half a thought', composer);
    await next.press(composer, 'Enter');
    await row(next, 'half a thought', 'sent');
    await next.reload();
    await row(next, 'half a thought', 'sent');
    assert.equal(await next.inputValue(composer), '', 'what was sent is no draft');
    await next.context().close();
});

test('signing out asks about a draft, and the next person finds none', async () => {
    const page = await stage.guest('secretive');
    await page.fill(composer, 'for my eyes alone');
    let asked = '';
    page.once('dialog', (dialog) => { asked = dialog.message(); return dialog.dismiss(); });
    await page.click('#sign-out');
    assert.match(asked, /1 draft/);
    assert.equal(await page.inputValue(composer), 'for my eyes alone');
    page.once('dialog', (dialog) => dialog.accept());
    await page.click('#sign-out');
    await page.waitForSelector('body[data-view="sign-in"]');
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    await signInAsGuest(page, 'curious');
    assert.equal(await page.inputValue(composer), '');
    await page.context().close();
});

test('the dialog for a new room keeps the title until the server agreed', async () => {
    const page = await stage.guest('founder');
    await openNewRoom(page, 'Lobby');
    await shows(page, '#new-room-problem', /#lobby exists already/);
    assert.equal(await page.inputValue('#new-title'), 'Lobby');
    assert.ok(await page.isVisible('#existing-room'));
    assert.ok(await page.isHidden('#toast'));
    await page.press('#new-title', 'Escape');
    await page.waitForSelector('#new-room-dialog:not([open])', { state: 'attached' });
    await page.click('#new-room');
    await page.waitForSelector('#new-room-dialog[open]');
    assert.equal(await page.inputValue('#new-title'), 'Lobby', 'what was typed before Escape');
    assert.ok(await page.isHidden('#new-room-problem'));
    await page.fill('#new-title', 'Founders');
    await page.click('#create-room');
    await page.waitForSelector('#rooms [data-room="founders"][aria-current]');
    assert.ok(!(await page.$('dialog[open]')));
    await page.click('#new-room');
    await page.waitForSelector('#new-room-dialog[open]');
    assert.equal(await page.inputValue('#new-title'), '');
    await page.context().close();
});

test('offline, the list of rooms is not called empty, and no error hides behind the dialog', async () => {
    const page = await stage.guest('browser');
    await stage.server.kill();
    await page.waitForSelector('body[data-connection="offline"]');
    await page.click('#browse-rooms');
    await shows(page, '#directory-state', /You're offline/);
    assert.ok(await page.isHidden('#toast'));
    await stage.server.launch();
    await page.waitForSelector('#directory [data-room="lobby"]');
    assert.equal(await page.textContent('#directory-state'), '');
    await page.context().close();
});

test('a form\'s error goes with the tab and with the next letter', async () => {
    const page = await stage.visit();
    await page.click('#tab-sign-in');
    const fail = async () => {
        await page.fill('#sign-in-form input[name=user]', 'nobody');
        await page.fill('#sign-in-form input[name=password]', 'wrong horse');
        await page.press('#sign-in-form input[name=password]', 'Enter');
        await shows(page, '#problem', /Wrong name or password\./);
    };
    await fail();
    await page.click('#tab-sign-up');
    await page.waitForSelector('#problem', { state: 'hidden' });
    await page.click('#tab-sign-in');
    await fail();
    await page.type('#sign-in-form input[name=password]', '!');
    await page.waitForSelector('#problem', { state: 'hidden' });
    await page.context().close();
});

test('what is too long is said beside the composer, keeps the text, and goes when the text or the room changes', async () => {
    const page = await stage.guest('verbose');
    await page.fill(composer, 'x'.repeat(17_000));
    await page.press(composer, 'Enter');
    await shows(page, '#note', /about 616 characters too long/);
    assert.equal((await page.inputValue(composer)).length, 17_000);
    assert.ok(await page.isHidden('#toast'));
    await page.press(composer, 'Backspace');
    await page.waitForSelector('#note', { state: 'hidden' });
    await page.press(composer, 'Enter');
    await shows(page, '#note', /615/);
    await openNewRoom(page, 'Elsewhere');
    await page.waitForSelector('#rooms [data-room="elsewhere"][aria-current]');
    assert.ok(await page.isHidden('#note'));
    await page.context().close();
});

test('a pasted picture and a dropped file get a line; the page and the text stay', async () => {
    const page = await stage.guest('painter');
    await page.fill(composer, 'look at this');
    const offer = (kind, target, text) => page.evaluate(([kind, target, text]) => {
        const data = new DataTransfer();
        data.items.add(new File(['x'], 'cat.png', { type: 'image/png' }));
        if (text) data.setData('text/plain', text);
        const event = kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
        return document.querySelector(target).dispatchEvent(event);
    }, [kind, target, text]);
    assert.equal(await offer('dragover', '#timeline'), false, 'the browser would open the file');
    assert.equal(await offer('drop', '#timeline'), false, 'the browser would open the file');
    await shows(page, '#note', /Files can't be sent yet: they come with a later version/);
    assert.equal(await page.inputValue(composer), 'look at this');
    await page.type(composer, '!');
    await page.waitForSelector('#note', { state: 'hidden' });
    assert.equal(await offer('paste', composer, 'a cell'), true, 'the text beside a picture is pasted');
    const writer = await Client.guest(stage.server, 'critic');
    await writer.say('lobby', 'drawn after the paste');
    await row(page, 'drawn after the paste');
    assert.ok(await page.isHidden('#note'));
    await offer('paste', composer);
    await shows(page, '#note', /Files can't be sent yet/);
    await page.context().close();
});

test('on a phone, unread in other rooms shows while the drawer is closed', async () => {
    const page = await stage.visit('/', { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true });
    await page.fill('#guest-form input[name=user]', 'walker');
    await page.press('#guest-form input[name=user]', 'Enter');
    await online(page);
    await page.tap('#open-menu');
    await openNewRoom(page, 'Pocket');
    await page.waitForFunction(() => document.querySelector('#room-title').textContent === 'Pocket');
    assert.ok(await page.isHidden('#elsewhere'));
    const writer = await Client.guest(stage.server, 'caller');
    await writer.say('lobby', 'are you there?');
    await page.waitForSelector('#elsewhere:not([hidden])');
    assert.match(await page.getAttribute('#open-menu', 'aria-label'), /unread/);
    await say(page, 'to myself');
    await row(page, 'to myself', 'sent');
    await page.context().close();
});
