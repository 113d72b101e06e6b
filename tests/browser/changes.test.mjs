// Edits, deletions, reactions; rooms that come and go in another tab.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { freshName } from '../integration/clients.mjs';
import { online, row, say, Stage } from './chromium.mjs';

const composer = '#composer textarea';
let stage;
before(async () => { stage = await Stage.open(['--send-burst', '0']); });
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

const message = (page, text) => page.locator('#rows [data-kind=message]', { has: page.locator('.text', { hasText: text }) }).last();
async function menu(page, text) {
    await message(page, text).hover();
    await page.waitForSelector('#actions:not([hidden])');
}

test('a message is edited by its menu and by Up, and everybody sees that it was', async () => {
    const [ann, bob] = [await stage.guest(freshName('ann')), await stage.guest(freshName('bob'))];
    await say(ann, 'helo everybody');
    await row(bob, 'helo everybody');
    await menu(ann, 'helo everybody');
    await ann.click('#actions [data-action=edit]');
    await ann.waitForFunction(() => document.getElementById('message').value === 'helo everybody');
    await ann.fill(composer, 'hello everybody');
    await ann.press(composer, 'Enter');
    await row(bob, 'hello everybody');
    assert.ok(await message(bob, 'hello everybody').locator('.signs', { hasText: 'edited' }).isVisible());
    assert.equal(await ann.inputValue(composer), '');
    await ann.press(composer, 'ArrowUp');
    await ann.waitForFunction(() => document.getElementById('message').value === 'hello everybody');
    await ann.press(composer, 'Escape');
    await ann.waitForFunction(() => document.getElementById('message').value === '');
    assert.ok(await ann.isHidden('#editor'));
    await menu(bob, 'hello everybody');
    assert.ok(await bob.locator('#actions [data-action=edit]').count() === 0, 'of others only reactions');
    await ann.context().close();
    await bob.context().close();
});

test('a message is deleted for everybody, and its text is nowhere on the page', async () => {
    const [ann, bob] = [await stage.guest(freshName('ann')), await stage.guest(freshName('bob'))];
    await say(ann, 'the password is swordfish');
    await row(bob, 'the password is swordfish');
    ann.once('dialog', (dialog) => dialog.accept());
    await menu(ann, 'swordfish');
    await ann.click('#actions [data-action=delete]');
    await row(bob, 'This message was deleted.');
    assert.ok(!(await bob.textContent('#rows')).includes('swordfish'));
    await ann.reload();
    await row(ann, 'This message was deleted.');
    await ann.context().close();
    await bob.context().close();
});

test('a reaction is a pill with a count, pressed for who reacted, and a click toggles it', async () => {
    const [ann, bob] = [await stage.guest(freshName('ann')), await stage.guest(freshName('bob'))];
    await say(ann, 'who is in?');
    await row(bob, 'who is in?');
    await menu(bob, 'who is in?');
    await bob.click('#quick [data-emoji="👍"]');
    const pill = (page) => message(page, 'who is in?').locator('.pill');
    await pill(ann).waitFor();
    assert.equal(await pill(ann).textContent(), '👍 1');
    assert.equal(await pill(ann).getAttribute('aria-pressed'), 'false');
    assert.equal(await pill(bob).getAttribute('aria-pressed'), 'true');
    await pill(ann).click();
    await bob.waitForFunction(() => [...document.querySelectorAll('.pill')].at(-1)?.textContent === '👍 2');
    await pill(bob).click();
    await ann.waitForFunction(() => [...document.querySelectorAll('.pill')].at(-1)?.textContent === '👍 1');
    await ann.reload();
    await pill(ann).waitFor();
    assert.equal(await pill(ann).getAttribute('aria-pressed'), 'true');
    await ann.context().close();
    await bob.context().close();
});

test('the menu is reached with the keyboard alone', async () => {
    const page = await stage.guest(freshName('keys'));
    await say(page, 'first of two');
    await say(page, 'second of two');
    await row(page, 'second of two', 'sent');
    await page.focus('#timeline');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    assert.match(await page.evaluate(() => document.activeElement.querySelector('.text').textContent), /first of two/);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.emoji), '👍');
    await page.keyboard.press('Enter');
    await message(page, 'first of two').locator('.pill').waitFor();
    await page.context().close();
});

test('an edit that is made offline survives a reload', async () => {
    const page = await stage.guest(freshName('offline'));
    const text = freshName('words');
    await say(page, text);
    await row(page, text, 'sent');
    await stage.server.kill();
    await page.waitForSelector('body[data-connection="offline"], body[data-connection="connecting"]');
    await page.press(composer, 'ArrowUp');
    await page.fill(composer, text + ' later');
    await page.press(composer, 'Enter');
    await row(page, text + ' later');
    await stage.server.launch();
    await page.reload();
    await online(page);
    await row(page, text + ' later');
    // What the person keeps on the server stays in the browser too.
    await page.waitForFunction(() => Object.keys(localStorage).every((key) => key.startsWith('parley/person/')));
    await page.context().close();
});

test('a room that is created or left in one tab comes and goes in the other', async () => {
    const page = await stage.guest(freshName('tabs'));
    const other = await page.context().newPage();
    await other.goto(stage.server.url);
    await online(other);
    const title = freshName('Tab room'), name = title.toLowerCase().replace(' ', '-');
    await page.click('#new-room');
    await page.fill('#new-title', title);
    await page.press('#new-title', 'Enter');
    await other.waitForSelector(`#rooms [data-room="${name}"]`);
    assert.equal(await other.textContent(`#rooms [data-room="${name}"] .title`), title);
    await page.click('#leave-room');
    await other.waitForSelector(`#rooms [data-room="${name}"]`, { state: 'detached' });
    await page.waitForSelector('#rooms [data-room="lobby"][aria-current]');
    await page.context().close();
});

test('a guest who clicks a person gets a note, and does not type into the room by mistake', async () => {
    const { Client } = await import('../integration/clients.mjs');
    const user = freshName('account');
    const account = await Client.account(stage.server, user);
    await account.say('lobby', `written by ${user}`);
    const page = await stage.guest(freshName('visitor'));
    await row(page, `written by ${user}`);
    await page.focus(composer);
    await message(page, `written by ${user}`).locator('.author').click();
    await page.waitForSelector('#note:not([hidden])');
    assert.match(await page.textContent('#note'), /Guests have no direct rooms/);
    assert.notEqual(await page.evaluate(() => document.activeElement.id), 'message');
    await page.context().close();
});
