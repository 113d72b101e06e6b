// A name for one connection gives way to whoever signs in under it, however closely the two meet. ROUNDS=100 for a long run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { api, Client, freshName } from './clients.mjs';
import { Server } from './server.mjs';
import { within } from './within.mjs';

const rounds = Number(process.env.ROUNDS || 5), rivals = 200;

let server;
before(async () => { server = await Server.start(['--send-burst', '1000000', '--send-rate', '1000000']); });
after(() => server.stop());

// A plain connection under that name, or nothing where it is refused.
function comeIn(user) {
    const socket = new WebSocket(`${server.ws}/ws?name=${user}`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    return new Promise((resolve) => {
        socket.once('open', () => resolve({ socket, closed }));
        socket.once('close', () => resolve());
    });
}

async function meet(user) {
    const early = Array.from({ length: rivals / 2 }, () => comeIn(user));
    const signing = api(server, 'sign_in_guest', { user });
    const late = Array.from({ length: rivals / 2 }, () => comeIn(user));
    const { body } = await signing;
    assert.equal(body.user, '~' + user);
    const open = (await within(Promise.all([...early, ...late]), 'handshakes')).filter(Boolean);
    for (const [i, { socket }] of open.entries())
        if (socket.readyState === WebSocket.OPEN) socket.send(`I am ${user}, says ${i}`);
    await within(Promise.all(open.map((one) => one.closed)), `the end of ${open.length} connections`);
    return body.token;
}

test('200 connections under a name while somebody signs in under it: none stays, and none speaks as they', async () => {
    for (let round = 0; round < rounds; round++) {
        const user = freshName('rival');
        const before = await Client.guest(server);
        const { top } = before.welcome.rooms.find((one) => one.room === 'lobby');
        const proved = await Client.connect(server, { token: await meet(user) });
        await proved.say('lobby', 'it is me');
        const said = (await proved.log('lobby', top)).filter((one) => one.author === '~' + user && one.kind === 'message');
        assert.deepEqual(said.map((one) => one.text), ['it is me'], `round ${round}`);
        await proved.close();
        await before.close();
    }
});
