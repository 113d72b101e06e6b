// What a reaction costs beside a message: a room of 1,000 members, 100 of either in a second, in turns. Prints a line each;
// exits 1 when reactions cost more.
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../integration/clients.mjs';
import { Connection, eachOf } from './connection.mjs';
import { cpuOf, median, onGround } from './ground.mjs';
import { report, status } from './report.mjs';

const members = 1_000, speakers = 10, perSecond = 100, seconds = 5, rounds = 5, targets = 100, atOnce = 64;
const count = perSecond * seconds, patienceMs = 10_000;
const emoji = ['\u2764', '\u2B50', '\u2705', '\u26A1'];
const said = (i) => ({ type: 'send', room: 'lobby', nonce: `m${i}`, text: `${i}`.padEnd(64, '.') });
const reacted = (first, i) => ({
    type: 'react', room: 'lobby', nonce: `r${i}`, target: first + Math.floor(i / speakers) % targets,
    emoji: emoji[Math.floor(i / speakers / targets) % emoji.length], on: i < speakers * targets * emoji.length,
});

await onGround(async (server) => {
    const authors = [], listeners = [];
    await eachOf(speakers, 1, async (i) => { authors[i] = await Client.guest(server, `speaker-${i}`); });
    let first = 0, done = 0, heard = 0, refused = 0;
    for (let i = 0; i < targets; i++) first ||= (await authors[0].say('lobby', `target ${i}`)).seq;
    await eachOf(members, atOnce, async (i) => {
        listeners[i] = await Connection.open(server.port);
        await listeners[i].ask('{"type":"subscribe","id":1,"room":"lobby"}', '{"type":"ok"');
    });
    // The last one counts, for all: whoever is behind would only be told the head.
    listeners.at(-1).onFrame = (payload) => { heard += payload.toString('latin1').split('"seq":').length - 1; };
    for (const author of authors)
        author.socket.on('message', (data) => { refused += /^{"type":"error"/.test(data.toString('latin1', 0, 16)) ? 1 : 0; });

    // CPU microseconds for each event and member.
    const measure = async (make) => {
        const from = performance.now(), before = heard;
        const cpu = await cpuOf(server, async () => {
            for (let i = 0; i < count; i++) {
                await pause(Math.max(0, from + (i * 1000) / perSecond - performance.now()));
                authors[i % speakers].send({ id: i + 1, ...make(done + i) });
            }
            for (const until = Date.now() + patienceMs; heard < before + count && Date.now() < until;) await pause(20);
        });
        if (heard - before !== count) throw new Error(`${heard - before} of ${count} arrived, ${refused} were refused`);
        return (1e6 * cpu) / count / members;
    };
    const messages = [], reactions = [];
    for (let round = 0; round < rounds; round++, done += count) {
        messages.push(await measure(said));
        reactions.push(await measure((i) => reacted(first, i)));
    }
    const ratio = median(messages.map((cost, i) => reactions[i] / cost));
    report('a message to one of 1,000 members', median(messages).toFixed(3), 'us', '100 a second', true);
    report('a reaction to one of 1,000 members', median(reactions).toFixed(3), 'us', '100 a second', true);
    report('a reaction beside a message', ratio.toFixed(2), 'x', 'at most 1', ratio <= 1);
    for (const one of [...authors.map((author) => author.socket), ...listeners.map((one) => one.socket)]) one.destroy?.() ?? one.terminate();
});
process.exit(status());
