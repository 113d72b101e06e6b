// Conversations of two people: opened by a click on a name, seen by the other once something is said, closed.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { freshName } from '../integration/clients.mjs';
import { row, say, signUp, Stage } from './chromium.mjs';

let stage;
before(async () => { stage = await Stage.open(['--send-burst', '0']); });
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

async function account(user) {
    const page = await stage.visit();
    await signUp(page, user);
    return page;
}

const listed = (page, user) => page.locator('#direct-rooms button', { hasText: user });

test('a click on a name opens a conversation, which the other sees once something is said', async () => {
    const [annName, bobName] = [freshName('ann'), freshName('bob')];
    const [ann, bob] = [await account(annName), await account(bobName)];
    await say(bob, 'hello lobby');
    await row(ann, 'hello lobby');
    await ann.locator('#rows [data-kind=message] .author', { hasText: bobName }).click();
    await listed(ann, bobName).waitFor();
    assert.equal(await ann.textContent('#room-title'), bobName);
    assert.equal(await ann.textContent('#room-name'), '');
    await ann.waitForSelector('#composer:not([hidden])');
    assert.ok(await bob.isHidden('#direct-section'), 'nothing was said yet');
    await say(ann, 'hello bob');
    await listed(bob, annName).locator('.unread:not([hidden])').waitFor();
    await listed(bob, annName).click();
    await row(bob, 'hello bob');
    assert.equal(await bob.getAttribute('#leave-room', 'aria-label'), 'Close conversation');
    await bob.click('#leave-room');
    await bob.waitForSelector('#direct-section', { state: 'hidden' });
    await bob.waitForSelector('#rooms [data-room="lobby"][aria-current]');
    assert.equal(await bob.getAttribute('#leave-room', 'aria-label'), 'Leave this room');
    await say(ann, 'are you there?');
    await listed(bob, annName).locator('.unread:not([hidden])').waitFor();
    await ann.context().close();
    await bob.context().close();
});
