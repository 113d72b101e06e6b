// How many messages a second the server acknowledges, each on disk: clients that keep a window of them in flight, to
// nobody who listens. Usage: node tests/bench/commits.mjs PORT PID CLIENTS WINDOW [SECONDS]; prints one line of JSON.
import {setTimeout as pause} from 'node:timers/promises';

import {Connection, eachOf, frame} from './connection.mjs';
import {coreSeconds, cpuSeconds, memory, serverCore} from './machine.mjs';
import {scrape} from './scrape.mjs';

const [port, pid, clients, window, seconds = 1.5] = process.argv.slice(2).map(Number);
const text = '~ a message of 64 bytes, as in the other workloads, no more, ~.'.padEnd(64, '.');
const acknowledged = Buffer.from('{"type":"ok","id":');
let answered = 0, refused = 0, firstRefusal = '', measuring = false;
const waits = [];

// Keeps `window` messages of one client in flight; what was answered in one read is followed by as many in one write.
function keepSending(one, client) {
    const sentAt = new Float64Array(64);  // by id; more than may be in flight
    let id = 0, free = window;
    const send = () => {
        const due = [];
        for (; free > 0; free--) {
            sentAt[++id % 64] = performance.now();
            due.push(frame(`{"type":"send","id":${id},"room":"lobby","nonce":"c${client}-${id}","text":"${text}"}`));
        }
        if (due.length) one.socket.write(Buffer.concat(due));
    };
    one.onFrame = (payload) => {
        if (acknowledged.compare(payload, 0, acknowledged.length) === 0) {
            answered += 1;
            const which = parseInt(payload.toString('latin1', acknowledged.length, acknowledged.length + 10), 10);
            if (measuring) waits.push(performance.now() - sentAt[which % 64]);
        } else if (payload.toString('latin1', 0, 15) === '{"type":"error"') {
            firstRefusal ||= payload.toString('utf8');
            refused += 1;
        } else
            return;
        free += 1;
    };
    one.onTurn = send;
    send();
}

const look = async () =>
    ({at: performance.now(), answered, cpu: cpuSeconds(pid), core: coreSeconds(serverCore), ...(await scrape(port))});

const open = [];
await eachOf(clients, 64, async (i) => (open[i] = await Connection.open(port)));
open.forEach(keepSending);
await pause(400);
const before = await look();
measuring = true;
await pause(seconds * 1000);
measuring = false;
const after = await look();

const spent = (name) => after[name] - before[name];
const took = spent('at') / 1000, acked = spent('answered');
waits.sort((a, b) => a - b);
console.log(JSON.stringify({
    clients,
    window,
    in_flight: clients * window,
    acks_per_s: acked / took,
    cpu_us: (1e6 * spent('cpu')) / acked,
    cpu_share: spent('cpu') / took,
    others_share: Math.max(0, spent('core') - spent('cpu')) / took,
    group: spent('commands') / spent('commits'),
    commits_per_s: spent('commits') / took,
    commit_ms: (1000 * spent('commit_seconds')) / spent('commits'),
    ack_p50_ms: waits[Math.floor(waits.length * 0.5)],
    ack_p99_ms: waits[Math.floor(waits.length * 0.99)],
    refused,
    first_refusal: firstRefusal,
    rss_peak: memory(pid, 'VmHWM')
}));
process.exit(0);
