// kill -9 at any moment: nothing acknowledged is lost, nothing is doubled, seq has no gap and no reuse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, Client, freshName } from './clients.mjs';
import { patience, runToEnd, Server } from './server.mjs';

const kills = Number(process.env.KILLS ?? 20);
const writers = 6;

// Sends one message after another, each with its own nonce, and repeats the unanswered one after every crash.
class Writer {
    constructor(token) {
        this.token = token;
        this.next = 0;
        this.acknowledged = new Map();  // nonce -> seq
    }
    async write(server) {
        try {
            const client = await Client.connect(server, { token: this.token });
            client.socket.on('error', () => {});
            for (;;) {
                const nonce = `m-${this.next}`;
                const answer = await client.say('lobby', `message ${this.next}`, nonce);
                assert.equal(answer.type, 'ok', JSON.stringify(answer));
                this.acknowledged.set(nonce, answer.seq);
                this.next += 1;
            }
        } catch (error) {
            if (error instanceof assert.AssertionError) throw error;  // anything else: the connection went
        }
    }
}

// Every message stands once; every acknowledged one under the seq that was said, each of its writer's.
function assertKept(log, people) {
    const seen = new Set();
    for (const event of log.filter((one) => one.kind === 'message')) {
        const key = `${event.author} ${event.nonce}`;
        assert.ok(!seen.has(key), `${key} stands twice`);
        seen.add(key);
    }
    let acknowledged = 0;
    for (const one of people)
        for (const [nonce, seq] of one.acknowledged) {
            acknowledged += 1;
            assert.equal(log[seq - 1]?.nonce, nonce, `${one.user} ${nonce} was acknowledged as ${seq}`);
            assert.equal(log[seq - 1].author, one.user);
        }
    return acknowledged;
}

// All write until that many more messages are acknowledged, then the server is killed, and starts again.
async function killUnderLoad(server, people, more) {
    const acknowledged = () => people.reduce((sum, one) => sum + one.acknowledged.size, 0);
    const goal = acknowledged() + more;
    const writing = people.map((one) => one.write(server));
    const watcher = await Client.connect(server, { token: people[0].token });
    await watcher.ask('subscribe', { room: 'lobby' });
    await watcher.until(() => acknowledged() >= goal);
    await server.kill();
    await Promise.all(writing);
    await server.launch();
}

const options = { timeout: (60_000 + kills * 12_000) * patience };
test(`killed ${kills} times under load, the log keeps what was acknowledged, once`, options, async () => {
    const server = await Server.start(['--send-burst', '0']);
    try {
        const people = [];
        for (let i = 0; i < writers; i++) {
            const user = freshName('writer');
            const { body } = await api(server, 'sign_in_guest', { user });
            people.push(Object.assign(new Writer(body.token), { user: body.user }));
        }
        let log = [], acknowledged = 0;
        for (let kill = 0; kill < kills; kill++) {
            await killUnderLoad(server, people, 3 + (kill * 37) % 200);
            const reader = await Client.connect(server, { token: people[0].token });
            log.push(...await reader.log('lobby', log.length));
            acknowledged = assertKept(log, people);
            await reader.close();
        }
        log = await (await Client.connect(server, { token: people[0].token })).log('lobby');
        assert.equal(assertKept(log, people), acknowledged);
        assert.ok(acknowledged > kills * 3, `only ${acknowledged} messages in ${kills} rounds`);
        await server.kill();
        const checked = await runToEnd(['check', '--data', server.data]);
        assert.equal(checked.code, 0, checked.stdout + checked.stderr);
        console.log(`# ${kills} kills, ${acknowledged} acknowledged messages, ${log.length} events; ` +
                    '0 lost, 0 doubled, 0 gaps');
    } finally {
        await server.stop();
    }
});
