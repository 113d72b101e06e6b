// Chromium agrees on permessage-deflate: both ends compress, and the page notices nothing.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { fetch, until } from '../integration/within.mjs';
import { row, say, Stage } from './chromium.mjs';

let stage;
before(async () => { stage = await Stage.open(['--compress', '--send-burst', '0']); });
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

async function metric(name) {
    const text = await (await fetch(`${stage.server.url}/metrics`)).text();
    return Number(text.match(new RegExp(`^${name} (\\d+)`, 'm'))[1]);
}

test('two pages talk in compressed frames, and history comes in them', async () => {
    const [ann, bob] = [await stage.guest('ann'), await stage.guest('bob')];
    await until('two connections', async () => await metric('parley_compressed_connections') === 2);
    for (let i = 0; i < 5; i++) {
        const text = `${i} ` + 'as long as it takes to be worth it, '.repeat(40 * (i + 1)).trim();
        await say(ann, text);
        await row(bob, text, 'sent');
    }
    assert.ok(await metric('parley_broadcasts_compressed_total') >= 5);
    await bob.reload();
    await row(bob, '4 ' + 'as long as it takes to be worth it, '.repeat(200).trim(), 'sent');
    await say(bob, 'and back');
    await row(ann, 'and back', 'sent');
    await ann.context().close();
    await bob.context().close();
});
