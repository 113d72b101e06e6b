// Where the page stands when there is something unread, and what it marks as read.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Client, freshName } from '../integration/clients.mjs';
import { online, row, say, signInAsGuest, Stage } from './chromium.mjs';

let stage, writer;
before(async () => {
    stage = await Stage.open(['--send-burst', '0']);
    writer = await Client.account(stage.server, freshName('writer'));
});
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

// A room that page and writer are in, where `count` messages were said.
async function roomFor(page, count) {
    const room = freshName('room');
    await page.click('#new-room');
    await page.fill('#new-title', room);
    await page.press('#new-title', 'Enter');
    await page.waitForSelector(`#rooms [data-room="${room}"][aria-current]`);
    await writer.ask('join', { room });
    await tell(room, 'before', count);
    if (count) await row(page, `before ${count}`);
    return room;
}
async function tell(room, word, count) {
    for (let i = 1; i <= count; i++) assert.equal((await writer.say(room, `${word} ${i}`)).type, 'ok');
}
const badge = (page, room) => page.evaluate((name) => {
    const unread = document.querySelector(`#rooms [data-room="${name}"] .unread`);
    return !unread || unread.hidden ? '' : unread.textContent;
}, room);
const waitForBadge = (page, room, text) => page.waitForFunction(([name, wanted]) => {
    const unread = document.querySelector(`#rooms [data-room="${name}"] .unread`);
    return (!unread || unread.hidden ? '' : unread.textContent) === wanted;
}, [room, text]);

// The New line is on the screen and the first unread message follows it. Gives the number in the bar.
async function standsAtFirstUnread(page, text) {
    await page.waitForFunction((text) => {
        const line = document.querySelector('#rows [data-kind=new]'), timeline = document.getElementById('timeline');
        if (!line) return false;
        const first = line.nextElementSibling?.querySelector('.text')?.textContent;
        const top = line.offsetTop - timeline.scrollTop;
        return first === text && top >= 0 && top < timeline.clientHeight;
    }, text);
    await page.waitForSelector('#news:not([hidden])');
    const bar = await page.textContent('#news-text');
    assert.match(bar, /^\d+ new since \d/);
    return parseInt(bar, 10);
}
async function setHidden(page, hidden) {
    await page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
}
async function scrollToEnd(page) {
    for (let i = 0; i < 100 && await page.isVisible('#news'); i++) {
        await page.$eval('#timeline', (timeline) => { timeline.scrollTop += timeline.clientHeight; });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }
}

for (const missed of [150, 450])
    test(`a room with ${missed} unread messages opens at the first of them`, async () => {
        const page = await stage.guest(freshName('opener'));
        const room = await roomFor(page, 80);
        await page.click('#rooms [data-room="lobby"]');
        await tell(room, 'missed', missed);
        await waitForBadge(page, room, missed > 99 ? '99+' : String(missed));
        await page.click(`#rooms [data-room="${room}"]`);
        const left = await standsAtFirstUnread(page, 'missed 1');
        assert.ok(left > missed - 40 && left <= missed, `only what was on the screen is read: ${left} are left`);
        await scrollToEnd(page);
        await row(page, `missed ${missed}`);
        await waitForBadge(page, room, '');
        await page.context().close();
    });

for (const missed of [60, 450])
    test(`after a reconnect with ${missed} missed the page stands at the first of them`, async () => {
        const profile = await stage.browser.newContext();
        let isCut = false, socket = null;
        await profile.routeWebSocket(/\/ws$/, (opened) => {
            if (isCut) return opened.close({ code: 4000 });
            socket = opened;
            const server = opened.connectToServer();
            opened.onMessage((frame) => server.send(frame));
            server.onMessage((frame) => opened.send(frame));
        });
        const page = await profile.newPage();
        await page.goto(stage.server.url);
        await signInAsGuest(page, freshName('traveller'));
        const room = await roomFor(page, 80);
        await waitForBadge(page, room, '');
        isCut = true;
        await socket.close({ code: 4000 });
        await page.waitForSelector('body:not([data-connection="online"])');
        await tell(room, 'missed', missed);
        isCut = false;
        await online(page);
        await standsAtFirstUnread(page, 'missed 1');
        await page.click('#read-news');
        await waitForBadge(page, room, '');
        assert.ok(await page.isHidden('#news'));
        await page.context().close();
    });

test('who comes back to a hidden tab stands at the first message that came meanwhile', async () => {
    const page = await stage.guest(freshName('reader'));
    const room = await roomFor(page, 80);
    await setHidden(page, true);
    await tell(room, 'meanwhile', 60);
    await waitForBadge(page, room, '60');
    await setHidden(page, false);
    await standsAtFirstUnread(page, 'meanwhile 1');
    assert.notEqual(await badge(page, room), '', 'what is below is not read');
    await page.click('#skip-news');
    await row(page, 'meanwhile 60');
    await waitForBadge(page, room, '');
    await page.context().close();
});

test('what is read in one tab is read in the other, and what is said there is not unread', async () => {
    const page = await stage.guest(freshName('twice'));
    const room = await roomFor(page, 3);
    await page.click('#rooms [data-room="lobby"]');
    const other = await page.context().newPage();
    await other.goto(stage.server.url);
    await online(other);
    await tell(room, 'news', 5);
    await waitForBadge(other, room, '5');
    await page.click(`#rooms [data-room="${room}"]`);
    await waitForBadge(other, room, '');
    await say(page, 'from the first tab');
    await row(page, 'from the first tab', 'sent');
    await say(other, 'and a sign');
    await row(other, 'and a sign', 'sent');
    await waitForBadge(other, room, '');
    await page.context().close();
});
