// What a person keeps on the server is told to every device of theirs, and survives a kill.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, freshName } from './clients.mjs';
import { Server } from './server.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

const recordsOf = (notice) => notice.changes.map(({ kind, ...fields }) => [kind, fields]);

test('two devices hear each other, and after a kill both are told what is kept', async () => {
    const tab = await Client.account(server, freshName('keeper'));
    const phone = await Client.connect(server, { token: tab.token });
    const first = await tab.ask('draft', { room: 'lobby', text: 'half a thought' });
    await phone.hearsRecord('draft', 'lobby', ({ text }) => text === 'half a thought');
    await phone.ask('star', { room: 'lobby', on: true });
    await tab.hearsRecord('star', 'lobby', ({ on }) => on);
    const last = await tab.ask('draft', { room: 'lobby', text: '' });
    assert.equal(last.person, first.person + 2);
    const again = await phone.ask('draft', { room: 'lobby', text: '' });
    assert.equal(again.person, last.person, 'what changes nothing advances nothing');

    await server.restart();
    const back = await Client.connect(server, { token: tab.token, person: first.person });
    assert.equal(back.welcome.person, last.person);
    assert.deepEqual(recordsOf(back.welcome), [
        ['star', { room: 'lobby', on: true }], ['draft', { room: 'lobby', text: '', on: false }]]);
    const fresh = await Client.connect(server, { token: tab.token });
    assert.equal(fresh.welcome.anew, true);
    assert.deepEqual(recordsOf(fresh.welcome), [['star', { room: 'lobby', on: true }]]);
});
