// The page for everyone: axe-core in light and dark, narrow and zoomed, by keyboard alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Client } from '../integration/clients.mjs';
import { online, row, say, signInAsGuest, Stage } from './chromium.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let stage;
before(async () => { stage = await Stage.open(['--send-burst', '0']); });
after(() => stage.close());

async function findings(page) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    return violations
        .filter((one) => ['serious', 'critical'].includes(one.impact) || one.tags.some((tag) => /^wcag2\d?aa?$/.test(tag)))
        .map((one) => `${one.id}: ${one.help} ${one.nodes.map((node) => node.target + ' ' + node.failureSummary).join('; ')}`);
}

for (const colorScheme of ['light', 'dark']) {
    test(`axe-core finds nothing serious in ${colorScheme}`, async () => {
        const page = await stage.visit('/', { colorScheme });
        await page.waitForSelector('body[data-view="sign-in"]');
        assert.deepEqual(await findings(page), []);
        await page.fill('#guest-form input[name=user]', `axe-${colorScheme}`);
        await page.press('#guest-form input[name=user]', 'Enter');
        await online(page);
        await page.click('#rooms [data-room="lobby"]');
        const writer = await Client.guest(stage.server);
        await writer.say('lobby', 'a link https://example.org and more');
        await say(page, `mine in ${colorScheme}`);
        await row(page, `mine in ${colorScheme}`, 'sent');
        assert.deepEqual(await findings(page), []);
        await page.click('#new-room');
        await page.waitForSelector('dialog[open]');
        assert.deepEqual(await findings(page), []);
        await page.context().close();
    });
}

test('forced colours: the focus of the composer is seen, and what was a background keeps its shape', async () => {
    const page = await stage.guest('contrast', { forcedColors: 'active' });
    const writer = await Client.guest(stage.server);
    await writer.say('lobby', 'for the avatar');
    await row(page, 'for the avatar', 'sent');
    const style = (selector, property) => page.$eval(selector, (one, name) => getComputedStyle(one)[name], property);
    await page.focus('#composer textarea');
    assert.equal(await style('#composer', 'outlineStyle'), 'solid');
    assert.ok(parseFloat(await style('#composer', 'outlineWidth')) >= 2);
    for (const shape of ['#my-avatar', '#timeline .avatar', '#elsewhere', '.send', '#composer'])
        assert.equal(await style(shape, 'borderTopWidth'), '1px', shape);
    const dot = await page.evaluate(() => getComputedStyle(document.querySelector('#link-state'), '::before').borderTopWidth);
    assert.equal(dot, '1px');
    assert.deepEqual(await findings(page), []);
    await page.context().close();
});

test('an emoji has its colours, also where the font of the text has a black one', async () => {
    const page = await stage.visit();
    const coloured = (text) => page.evaluate(async (text) => {
        const font = `40px ${getComputedStyle(document.body).fontFamily}`;
        await document.fonts.load(font, text);
        const drawing = document.createElement('canvas').getContext('2d');
        drawing.font = font;
        drawing.fillText(text, 0, 50);
        const { data } = drawing.getImageData(0, 0, 80, 80);
        return data.some((value, i) => i % 4 === 0 && value !== data[i + 1]);
    }, text);
    assert.ok(await coloured('\u{1f600}'));
    assert.ok(await coloured('\u26a1'));
    assert.ok(!(await coloured('ok 1 \u00a9 #')), 'letters, digits and signs are text');
    await page.context().close();
});

test('fingers: every target has 44 px, and the time of each message is there without hovering', async () => {
    const page = await stage.visit('/', { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true });
    const small = () => page.evaluate(() => [...document.querySelectorAll('button, input, textarea')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.unseen'))
        .map((one) => [one.id || one.className || one.textContent, one.getBoundingClientRect(), one.matches('.icon, .send') ? 44 : 24])
        .filter(([, box, width]) => box.width > 1 && (box.width < width || box.height < 44)).map(([name, box]) => `${name}: ${box.width} x ${box.height}`));
    await page.waitForSelector('body[data-view="sign-in"]');
    assert.deepEqual(await small(), []);
    await page.fill('#guest-form input[name=user]', 'thumbs');
    await page.press('#guest-form input[name=user]', 'Enter');
    await online(page);
    for (const text of ['one', 'two']) {
        await say(page, text);
        await row(page, text, 'sent');
    }
    assert.deepEqual(await small(), []);
    const times = await page.$$eval('#timeline [data-kind=message] time', (all) => all.map((one) => getComputedStyle(one).opacity));
    assert.ok(times.length >= 2 && times.every((opacity) => opacity === '1'), String(times));
    for (const [opener, opened] of [['#open-menu', 'body[data-drawer=rooms]'], ['#browse-rooms', '#browse-dialog[open]']]) {
        await page.tap(opener);
        await page.waitForSelector(opened);
        assert.deepEqual(await small(), [], opener);
    }
    await page.context().close();
});

test('nothing is cut off at 320 px, nor at 200 % zoom', async () => {
    for (const viewport of [{ width: 320, height: 568 }, { width: 640, height: 400 }]) {
        const page = await stage.visit('/', { viewport });
        await page.waitForSelector('body[data-view="sign-in"]');
        const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok((await overflow()) <= 0);
        await page.fill('#guest-form input[name=user]', `narrow-${viewport.width}`);
        await page.press('#guest-form input[name=user]', 'Enter');
        await online(page);
        const writer = await Client.guest(stage.server);
        await writer.say('lobby', 'Donaudampfschifffahrtsgesellschaft'.repeat(10));
        await page.waitForSelector('#timeline [data-kind=message]');
        assert.ok((await overflow()) <= 0, `${viewport.width} px`);
        assert.ok(await page.isVisible('#composer textarea'));
        await page.context().close();
    }
});

test('everything is reached by keyboard: sign in, write, change rooms', async () => {
    const page = await stage.visit();
    await page.waitForSelector('body[data-view="sign-in"]');
    const tabTo = async (selector) => {
        for (let i = 0; i < 40; i++) {
            if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
            await page.keyboard.press('Tab');
        }
        assert.fail(`${selector} is not reached by Tab`);
    };
    await tabTo('#guest-form input[name=user]');
    await page.keyboard.type('keys-only');
    await page.keyboard.press('Enter');
    await online(page);
    await tabTo('#composer textarea');
    await page.keyboard.type('typed without a mouse');
    await page.keyboard.press('Enter');
    await row(page, 'typed without a mouse', 'sent');
    for (const control of ['#rooms [data-room="lobby"]', '#new-room', '#browse-rooms', '#sign-out', '#timeline']) await tabTo(control);
    await page.context().close();
});

test('what one person typed is gone when the next one signs in on the same page', async () => {
    const page = await stage.guest('draft-ann');
    await page.fill('#composer textarea', 'for the eyes of ann');
    page.once('dialog', (dialog) => dialog.accept());
    await page.click('#sign-out');
    await signInAsGuest(page, 'draft-bob');
    assert.equal(await page.inputValue('#composer textarea'), '');
    await page.click('#sign-out');
    await page.waitForSelector('body[data-view="sign-in"]');
    assert.equal(await page.inputValue('#guest-form input[name=user]'), '', 'nor does the form know who it was');
    await page.context().close();
});
