// How long a server with much data takes to be ready after it was killed: GIB of data, 10 where the disk has room for them.
// The files lie below build/bench and are removed afterwards. Prints one line each, with the limit it is held to; exits 1
// when one is missed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../integration/clients.mjs';
import { Server } from '../integration/server.mjs';
import { report, status } from './report.mjs';

const gib = 2 ** 30, left_free = 4 * gib, ready_ms_max = 1000, starts = 5, said_meanwhile = 200;
const text_bytes = 4000, row_bytes = 4700, rows_at_once = 100_000;  // a row with its share of the index of nonces
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const ground = new URL('../../build/bench', import.meta.url).pathname;
mkdirSync(ground, { recursive: true });
const disk = statfsSync(ground), room = disk.bavail * disk.bsize - left_free;
const bytes = Math.min(Number(process.env.GIB || 10) * gib, room);
if (bytes < gib / 16) throw new Error(`${ground}: no room on this disk`);

// Messages in the lobby, as the server would have written them; by SQLite itself, for a server needs a sync for each.
function grow(file, events) {
    const script = [`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;`];
    for (let first = 1; first <= events; first += rows_at_once)
        script.push(`INSERT INTO events (room_id, seq, at, author, kind, said, entry, body, nonce)
            WITH RECURSIVE more (n) AS (VALUES (${first}) UNION ALL SELECT n + 1 FROM more
                WHERE n < ${Math.min(events, first + rows_at_once - 1)})
            SELECT 1, top + n, top_at, 'ann', 'message', said + n, top + n, printf('{"text":"%.*c"}', ${text_bytes}, 'x'),
                printf('n%012d', n) FROM more, rooms WHERE id = 1;`);
    script.push(`UPDATE rooms SET top = top + ${events}, entry = top + ${events}, said = said + ${events} WHERE id = 1;`);
    execFileSync('sqlite3', [file], { input: script.join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
}

// What was read stays in memory after a kill, but not after a power cut.
const forget = (file) => execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);

async function ready(server) {
    const from = performance.now();
    await server.launch();
    const { status: answer } = await fetch(`${server.url}/readyz`);
    if (answer !== 200) throw new Error(`/readyz answers ${answer}`);
    return performance.now() - from;
}

// Milliseconds until an acknowledgement, one message after the other.
async function talk(server, messages) {
    const ann = await Client.guest(server), took = [];
    for (let i = 0; i < messages; i++) {
        const from = performance.now();
        await ann.say('lobby', `message ${i}`);
        took.push(performance.now() - from);
    }
    ann.socket.terminate();
    return median(took);
}

const checks = async (server) => /still being checked/.test(await (await fetch(`${server.url}/healthz`)).text());

const server = await Server.start(['--send-burst', '0'], { data: mkdtempSync(join(ground, 'start-')) });
try {
    const file = join(server.data, 'parley.db');
    await talk(server, 1);
    await server.terminate();
    grow(file, Math.ceil(bytes / row_bytes));
    const size = (statSync(file).size / gib).toFixed(1);
    for (const [memory, prepare] of [['', () => {}], [', nothing of it in memory', () => forget(file)]]) {
        const took = [];
        for (let i = 0; i < starts; i++) {
            await server.launch();
            await talk(server, 20);
            await server.kill();
            prepare();
            took.push(await ready(server));
            await server.kill();
        }
        const ms = Math.round(median(took));
        report(`ready after a kill, ${size} GiB${memory}`, ms, 'ms', `at most ${ready_ms_max}`, ms <= ready_ms_max);
    }
    await server.launch();
    const checked = await checks(server), ms = await talk(server, said_meanwhile), goes_on = await checks(server);
    report('a message is acknowledged while all data is checked', ms.toFixed(1), 'ms', 'the check runs', checked && goes_on);
} finally {
    await server.stop();
    rmSync(server.data, { recursive: true, force: true });
}
process.exitCode = status();
