// Takes the README's picture: a room with a conversation, in light and dark. `node tests/browser/screenshot.mjs [DIR]`
import { Client } from '../integration/clients.mjs';
import { row, signInAsGuest, Stage } from './chromium.mjs';

const folder = process.argv[2] ?? new URL('.', import.meta.url).pathname;
const talk = [
    ['maya', 'Morning! The new build is on staging: https://staging.example.org/parley'],
    ['maya', 'The page got smaller again: everything in one glance 🎉'],
    ['jonas', 'Just tried it on the train. Went through two tunnels, and every message arrived exactly once.'],
    ['priya', 'Same here. I pulled the plug of the server in the middle of a message. It said "sending", then a tick.'],
    ['jonas', 'Who wants to take the release notes?\nI can do the part about storage.'],
    ['maya', 'I take the client.'],
    ['priya', 'Then I do deployment and backups. Draft by four?'],
    ['jonas', 'Four it is ☕'],
];

const stage = await Stage.open(['--send-burst', '0', '--log-level', 'warn']);
try {
    const people = {};
    for (const name of ['maya', 'jonas', 'priya']) {
        people[name] = await Client.account(stage.server, name);
        await people[name].ask('subscribe', { room: 'lobby' });
    }
    for (const [room, title] of [['design', 'Design'], ['releases', 'Releases'], ['random', 'Random']])
        await people.maya.ask('create_room', { room, title });
    for (const colorScheme of ['light', 'dark']) {
        const page = await stage.visit('/', { colorScheme, viewport: { width: 1120, height: 700 } });
        await signInAsGuest(page, `lena-${colorScheme}`);
        if (colorScheme === 'light') {
            for (const room of ['design', 'releases']) {
                await page.click('#browse-rooms');
                await page.click(`dialog[open] [data-room="${room}"]`);
                await page.waitForSelector(`#rooms [data-room="${room}"]`);
            }
            await page.click('#rooms [data-room="lobby"]');
            for (const [who, text] of talk) await people[who].say('lobby', text);
            for (let i = 0; i < 3; i++) await people.priya.say('design', `sketch ${i + 1}`);
        }
        await row(page, 'Four it is ☕', 'sent');
        const typist = colorScheme === 'light' ? 'priya' : 'maya';
        people[typist].send({ type: 'typing', room: 'lobby', active: true });
        await page.waitForFunction((name) => document.querySelector('#typing').textContent.includes(name), typist);
        await page.screenshot({ path: `${folder}/parley-${colorScheme}.png` });
        await page.context().close();
    }
} finally {
    await stage.close();
}
