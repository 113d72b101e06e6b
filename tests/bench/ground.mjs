// A server of our own with a directory below build/bench, pinned to its core, and this process to the other.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '../integration/server.mjs';
import { cpuSeconds, generatorCore, pin, serverCore } from './machine.mjs';

const flags = ['--shards', '1', '--send-burst', '0', '--guests', 'on', '--log-level', 'warn'];
const lobby = 1;  // its id

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// Runs `act(server)`; what the server kept is removed afterwards.
export async function onGround(act) {
    const ground = new URL('../../build/bench', import.meta.url).pathname;
    mkdirSync(ground, { recursive: true });
    pin(process.pid, generatorCore);
    const data = mkdtempSync(join(ground, 'own-'));
    const server = await Server.start(flags, { data });
    try {
        pin(server.child.pid, serverCore);
        return await act(server);
    } finally {
        await server.stop();
        rmSync(data, { recursive: true, force: true });
    }
}

export async function launchPinned(server) {
    await server.launch();
    pin(server.child.pid, serverCore);
}

// CPU seconds that the server spends while `act` runs.
export async function cpuOf(server, act) {
    const before = cpuSeconds(server.child.pid);
    await act();
    return cpuSeconds(server.child.pid) - before;
}

// Changes the database of a server that has stopped, by SQLite itself: a server needs a sync for each group.
export function write(server, statements) {
    const script = [`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;`, ...statements];
    execFileSync('sqlite3', [join(server.data, 'parley.db')], { input: script.join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
}

// A table `more` of the numbers first..last.
export const numbers = (first, last) =>
    `WITH RECURSIVE more (n) AS (VALUES (${first}) UNION ALL SELECT n + 1 FROM more WHERE n < ${last})`;

// So many events at the end of the lobby, as the server writes them: each second one is a reaction to the one before. Gives
// the new top.
export function growLobby(server, events, top) {
    const end = top + 2 * Math.ceil(events / 2), offset = `(n - ${top})`, heart = '\u2764';
    write(server, [
        `${numbers(top + 1, end)} INSERT INTO events (room_id, seq, at, author, kind, said, entry, body, nonce)
            SELECT ${lobby}, n, 1795132800000 + n, 'ann', iif(${offset} % 2, 'message', 'reacted'), (${offset} + 1) / 2,
                n - (${offset} + 1) % 2, iif(${offset} % 2, '{"text":"message ' || n || ', in a room with a long life"}',
                '{"target":' || (n - 1) || ',"emoji":"${heart}"}'), 'n' || n FROM more;`,
        `INSERT INTO folds (room_id, seq, body) SELECT ${lobby}, seq, json_set(body, '$.marks', seq + 1, '$.reactions',
            json('[{"emoji":"${heart}","count":1,"people":["ann"]}]')) FROM events WHERE kind = 'message' AND seq > ${top};`,
        `UPDATE rooms SET top = ${end}, top_at = 1795132800000 + ${end}, entry = ${end - 1}, said = ${(end - top) / 2} WHERE id = ${lobby};`,
    ]);
    return end;
}
