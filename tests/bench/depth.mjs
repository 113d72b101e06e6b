// What a page of 200 folded messages costs the server in a room with EVENTS=1000000 events, half of them reactions: at the
// newest, the middle and the oldest end. Prints a line each; exits 1 when a limit is missed.
import { Client } from '../integration/clients.mjs';
import { cpuOf, growLobby, launchPinned, onGround } from './ground.mjs';
import { report, status } from './report.mjs';

const events = Number(process.env.EVENTS || 1_000_000), pages = 300, limit = 200, cpu_ms_max = 3;
const somewhere = (from, to) => from + Math.floor(Math.random() * (to - from));

await onGround(async (server) => {
    const first = await Client.guest(server);
    const { top } = first.welcome.rooms.find((one) => one.room === 'lobby');
    await server.terminate();
    const end = growLobby(server, events, top);
    await launchPinned(server);
    const reader = await Client.connect(server, { token: first.token });
    const depths = {
        'the newest': () => ({}),
        'before one in the middle': () => ({ before: somewhere(end * 0.4, end * 0.6) }),
        'after one in the middle': () => ({ after: somewhere(end * 0.4, end * 0.6) }),
        'around one in the middle': () => ({ around: somewhere(end * 0.4, end * 0.6) }),
        'the oldest': () => ({ after: somewhere(0, 1000) }),
    };
    for (const [depth, where] of Object.entries(depths)) {
        let entries = 0;
        const cpu = await cpuOf(server, async () => {
            for (let i = 0; i < pages; i++) entries += (await reader.ask('history', { room: 'lobby', limit, ...where() })).events.length;
        });
        const ms = (1000 * cpu) / pages, whole = entries === pages * limit;
        report(`a page of ${limit} of ${end.toLocaleString('en')}: ${depth}`, ms.toFixed(2), 'ms', `at most ${cpu_ms_max} of CPU`, whole && ms <= cpu_ms_max);
    }
    reader.socket.terminate();
});
process.exitCode = status();
