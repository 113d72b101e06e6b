// What a person keeps looks the same on every device: drafts, stars, muted rooms, colours.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Client } from '../integration/clients.mjs';
import { Stage } from './chromium.mjs';

let stage;
before(async () => { stage = await Stage.open(['--send-burst', '0']); });
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

const composer = '#composer textarea';
const shows = (page, text) => page.waitForFunction(([selector, wanted]) =>
    document.querySelector(selector).value === wanted, [composer, text]);

// The session of a page, on another device.
async function otherDevice(page) {
    const cookie = (await page.context().cookies()).find(({ name }) => name.includes('session'));
    return Client.connect(stage.server, { token: cookie.value });
}

test('a draft goes to the other device and comes from there, but never over what is being typed', async () => {
    const page = await stage.guest('two-places');
    const phone = await otherDevice(page);
    await page.fill(composer, 'half a thought');
    await phone.hearsRecord('draft', 'lobby', ({ text }) => text === 'half a thought');
    await page.locator(composer).blur();
    await phone.ask('draft', { room: 'lobby', text: 'finished elsewhere' });
    await shows(page, 'finished elsewhere');
    await page.press(composer, 'Enter');
    await phone.hearsRecord('draft', 'lobby', ({ text }) => text === '');
    await shows(page, '');
    await page.context().close();
});

test('a room is starred and muted, and the colours are chosen, on every device', async () => {
    const page = await stage.guest('chooser');
    const phone = await otherDevice(page);
    await page.click('#star-room');
    await page.waitForSelector('#starred-rooms [data-room="lobby"]');
    await phone.hearsRecord('star', 'lobby', ({ on }) => on);
    await phone.ask('level', { room: 'lobby', level: 'none' });
    await page.waitForSelector('#mute-room[aria-pressed="true"]');
    await phone.ask('setting', { name: 'theme', value: 'dark' });
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(23, 25, 27)');
    const muted = page.locator('#starred-rooms [data-room="lobby"]');
    assert.match(await muted.innerText(), /Muted/);
    assert.equal(await muted.evaluate((room) => getComputedStyle(room).opacity), '1', 'its words stay readable');
    await page.selectOption('#theme', 'light');
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await phone.ask('setting', { name: 'theme', value: 'sepia' });
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(23, 25, 27)');
    assert.equal(await page.inputValue('#theme'), '', 'what the page does not know is the choice of the system');
    await page.context().close();
});

test('on a narrow screen the header leaves room for the title', async () => {
    const page = await stage.guest('narrow', { hasTouch: true });
    await page.setViewportSize({ width: 360, height: 700 });
    await page.waitForSelector('#open-menu');
    const { width } = await page.locator('.heading').boundingBox();
    assert.ok(width >= 120, `${width} px`);
    await page.context().close();
});
