// kill -9 at any moment: nothing acknowledged is lost, nothing is doubled, seq has no gap and no reuse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, Client, freshName } from './clients.mjs';
import { Server } from './server.mjs';

const rounds = Number(process.env.CRASH_ROUNDS ?? 20);
const writers = 6;

// Sends one message after another, each with its own nonce, and repeats the unanswered one after every crash.
class Writer {
    constructor(token) {
        this.token = token;
        this.next = 0;
        this.acknowledged = new Map();  // nonce -> seq
    }
    async write(server) {
        const client = await Client.connect(server, { token: this.token });
        client.socket.on('error', () => {});
        try {
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

async function wholeLog(client, room) {
    const log = [];
    for (let more = true; more;) {
        const page = await client.ask('history', { room, after: log.at(-1)?.seq ?? 0, limit: 200 });
        log.push(...page.events);
        more = page.more;
    }
    return log;
}

test(`killed ${rounds} times under load, the log keeps what was acknowledged, once`, { timeout: 300_000 }, async () => {
    const server = await Server.start(['--send-burst', '0']);
    try {
        const people = [];
        for (let i = 0; i < writers; i++) {
            const user = freshName('writer');
            const { body } = await api(server, 'sign_in_guest', { user });
            people.push(Object.assign(new Writer(body.token), { user }));
        }
        for (let round = 0; round < rounds; round++) {
            const goal = people[0].acknowledged.size + 3 + (round * 7) % 40;
            const writing = people.map((one) => one.write(server));
            const watcher = await Client.connect(server, { token: people[0].token });
            await watcher.ask('subscribe', { room: 'lobby' });
            await watcher.until(() => people[0].acknowledged.size >= goal || people.some((one) => one.next > goal + 50));
            await server.kill();
            await Promise.all(writing);
            await server.launch();
        }
        const log = await wholeLog(await Client.connect(server, { token: people[0].token }), 'lobby');
        log.forEach((event, i) => assert.equal(event.seq, i + 1, 'seq has no gap and no reuse'));
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
        assert.ok(acknowledged > rounds * 3, `only ${acknowledged} messages in ${rounds} rounds`);
        console.log(`# ${rounds} kills, ${acknowledged} acknowledged messages, ${log.length} events`);
    } finally {
        await server.stop();
    }
});
