// BROWSERS=10000 come back after a restart, each with a session and copies of 8 rooms that lack their last event: how long
// until all are live, and what one costs the server. Prints a line each; exits 1 when a limit is missed.
import { setTimeout as pause } from 'node:timers/promises';
import { api, Client } from '../integration/clients.mjs';
import { Connection, eachOf, frame } from './connection.mjs';
import { cpuOf, launchPinned, numbers, onGround, write } from './ground.mjs';
import { report, status } from './report.mjs';

const browsers = Number(process.env.BROWSERS || 10_000), rooms = 100, roomsEach = 8, atOnce = 256;
const seconds_max = 10, patienceMs = 120_000;
const roomsOf = (i) => Array.from({ length: roomsEach }, (_, k) => `room-${(i + k * 13) % rooms}`);

// Rooms, each with one more event than the browsers have, and everybody's list of them.
function fill(server) {
    const at = 1795132800000, created = `'{"title":"Room"}'`;
    write(server, [
        `${numbers(0, rooms - 1)} INSERT INTO rooms (name, title, kind, epoch, top, top_at, said, entry, created_at, created_by)
            SELECT 'room-' || n, 'Room', 'public', (SELECT epoch FROM rooms WHERE id = 1), 2, ${at}, 1, 2, ${at}, 'parley' FROM more;`,
        `INSERT INTO events (room_id, seq, at, author, kind, said, entry, body)
            SELECT id, 1, ${at}, 'parley', 'created', 0, 1, ${created} FROM rooms WHERE name LIKE 'room-%';`,
        `INSERT INTO events (room_id, seq, at, author, kind, said, entry, body)
            SELECT id, 2, ${at}, 'parley', 'message', 1, 2, '{"text":"said meanwhile"}' FROM rooms WHERE name LIKE 'room-%';`,
        `${numbers(0, roomsEach - 1)} INSERT INTO members (user, room_id, read_seq, read_said)
            SELECT users.name, rooms.id, 1, 0 FROM users, more JOIN rooms
                ON rooms.name = 'room-' || ((substr(users.name, 10) + more.n * 13) % ${rooms}) WHERE users.name LIKE '~visitor-%';`,
    ]);
}

// Welcomed, with what was said meanwhile in each of its rooms.
async function live(server, token, resume) {
    const one = await Connection.upgraded(server.port, token);
    let runs = 0;
    const all = new Promise((resolve, reject) => {
        one.onFrame = (payload) => {
            const said = payload.toString('latin1', 0, 200);
            if (said.startsWith('{"type":"events"') && ++runs === resume.length) resolve(one);
            if (said.startsWith('{"type":"error"')) reject(new Error(said));
        };
    });
    one.socket.write(frame(JSON.stringify({ type: 'hello', id: 1, client: 'bench', resume })));
    return Promise.race([all, one.failed]);
}

// What the page does by itself: it tries again a moment after it was asked to, or could not connect.
async function comeBack(server, token, resume, count) {
    for (const until = Date.now() + patienceMs; Date.now() < until;) {
        try {
            return await live(server, token, resume);
        } catch (error) {
            const again = /HTTP\/1.1 (?:429|503)|"retry_ms"|ECONN|closed/.test(error.message);
            count[again ? 'repeated' : 'refused'] += 1;
            if (!again) throw error;
            await pause(250 + Math.random() * 1250);
        }
    }
    throw new Error('a browser did not come back');
}

await onGround(async (server) => {
    const tokens = [];
    await eachOf(browsers, 64, async (i) => { tokens[i] = (await api(server, 'sign_in_guest', { user: `visitor-${i}` })).body.token; });
    await server.terminate();
    fill(server);
    await launchPinned(server);
    const { welcome } = await Client.connect(server, { token: tokens[0] });
    const { epoch } = welcome.rooms.find((one) => one.room === 'room-0');
    await server.kill();
    await launchPinned(server);
    const count = { repeated: 0, refused: 0 }, open = [], from = performance.now();
    const cpu = await cpuOf(server, () => eachOf(browsers, atOnce, async (i) => {
        const held = roomsOf(i).map((room) => ({ room, epoch, seq: 1 }));
        open[i] = await comeBack(server, tokens[i], held, count);
    }));
    const took = (performance.now() - from) / 1000;
    report(`${browsers} browsers with ${roomsEach} rooms are live again`, took.toFixed(1), 's', `at most ${seconds_max}`, took <= seconds_max);
    report('a browser that comes back', ((1e6 * cpu) / browsers).toFixed(0), 'us', 'CPU of the server', true);
    report('refused for good', count.refused, '', `none; ${count.repeated} were repeated`, count.refused === 0);
    for (const one of open) one.socket.destroy();
});
process.exit(status());
