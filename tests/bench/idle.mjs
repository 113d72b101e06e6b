// What an idle browser costs the server: signed in over HTTP, connected, subscribed to one of 100 rooms, and nothing
// more. Usage: node tests/bench/idle.mjs PORT PID [CONNECTIONS]; prints one line of JSON, resident bytes after each
// step.
import {Agent, request} from 'node:http';
import {setTimeout as pause} from 'node:timers/promises';

import {Connection, eachOf} from './connection.mjs';
import {cpuSeconds, memory} from './machine.mjs';

const [port, pid, count = 10_000] = process.argv.slice(2).map(Number);
const rooms = 100, atOnce = 64, patienceMs = 60_000;
const agent = new Agent({keepAlive: true, maxSockets: atOnce});

function post(path, body, token) {
    return new Promise((resolve, reject) => {
        const headers = {'content-type': 'application/json', ...(token ? {authorization: `Bearer ${token}`} : {})};
        const asked =
            request({host: '127.0.0.1', port, path: `/api/1/${path}`, method: 'POST', agent, headers}, (response) => {
                let said = '';
                response.on('data', (chunk) => (said += chunk)).on('end', () => resolve(JSON.parse(said)));
            });
        asked.on('error', reject).end(JSON.stringify(body));
    });
}

// Comes back when the server asks for patience.
async function call(path, body, token) {
    for (const until = Date.now() + patienceMs;;) {
        const answer = await post(path, body, token);
        if (answer.type === 'ok') return answer;
        if (answer.retry_ms === undefined || Date.now() > until) throw new Error(JSON.stringify(answer));
        await pause(answer.retry_ms);
    }
}

// Until a second goes by in which the server did next to nothing.
async function settled() {
    for (const until = Date.now() + 20_000; Date.now() < until;) {
        const before = cpuSeconds(pid);
        await pause(1000);
        if (cpuSeconds(pid) - before < 0.01) return;
    }
}

const steps = [['empty', memory(pid)]];
const step = (name) => steps.push([name, memory(pid)]);

const tokens = [];
await eachOf(count, atOnce, async (i) => {
    tokens[i] = (await call('sign_in_guest', {user: `visitor-${i}`})).token;
});
for (let i = 0; i < rooms; i++) await call('create_room', {room: `room-${i}`, title: `Room number ${i}`}, tokens[0]);
agent.destroy();
await settled();
step('signed in');

const open = [];
await eachOf(count, atOnce, async (i) => (open[i] = await Connection.open(port, tokens[i])));
await settled();
step('connected');

await eachOf(
    count, atOnce, (i) => open[i].ask(`{"type":"subscribe","id":1,"room":"room-${i % rooms}"}`, '{"type":"ok"'));
await settled();
step('subscribed');

const bytes = Object.fromEntries(steps);
console.log(JSON.stringify({
    connections: count,
    rooms,
    bytes,
    rss_peak: memory(pid, 'VmHWM'),
    rss_per_conn: (bytes.subscribed - bytes.empty) / count
}));
process.exit(0);
