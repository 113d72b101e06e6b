// The machine's date jumps, as when somebody sets it or a laptop wakes: libfaketime (package faketime) moves the date of
// a running server, and no other clock.
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { api, Client, freshName } from './clients.mjs';
import { binary, Server } from './server.mjs';
import { fetch, until } from './within.mjs';

const password = 'correct horse battery';
const dayS = 24 * 60 * 60;
const thirtyDays = /; Max-Age=2592000;/;
// A sanitizer's library has to be the first of all, and so has libfaketime.
const skip = /[at]san/.test(binary);

// `act` gets a server, and a function that sets its date so many seconds apart from the true one.
async function withDate(flags, act) {
    const folder = mkdtempSync(join(tmpdir(), 'parley-date-'));
    const file = join(folder, 'apart');
    // Replaced at once: libfaketime ends a program that finds the file empty.
    const setApart = (seconds) => {
        writeFileSync(file + '.next', `${seconds < 0 ? '' : '+'}${seconds}s\n`);
        renameSync(file + '.next', file);
    };
    setApart(0);
    const env = { LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1', FAKETIME_TIMESTAMP_FILE: file,
                  FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1' };
    const server = await Server.start(flags, { env });
    try {
        setApart(-3600);
        const date = Date.parse((await fetch(`${server.url}/healthz`)).headers.get('date'));
        assert.ok(Math.abs(Date.now() - 3_600_000 - date) < 60_000, 'libfaketime moves the date of the server');
        setApart(0);
        await act(server, setApart);
    } finally {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
    }
}

// As long as a client waits after `rate`.
async function obey(client, retry_ms) {
    const end = performance.now() + retry_ms;
    while (performance.now() < end) await client.ask('ping');
}

test('what was refused with `rate` is taken after retry_ms, however the date jumps', { skip }, () =>
    withDate(['--send-burst', '3', '--send-rate', '1'], async (server, setApart) => {
        for (const jumpS of [-30, 0, 3600, -dayS]) {
            const client = await Client.guest(server), from = performance.now();
            for (let i = 0; i < 3; i++) assert.equal((await client.say('lobby', 'burst')).type, 'ok');
            setApart(jumpS);
            let passed = 0;
            let refused = await client.say('lobby', 'too soon');
            for (; refused.type === 'ok'; refused = await client.say('lobby', 'too soon')) passed += 1;
            const seconds = (performance.now() - from) / 1000;
            assert.ok(passed <= seconds, `${passed} passed in ${seconds} s, after a jump of ${jumpS} s`);
            assert.equal(refused.code, 'rate', `after a jump of ${jumpS} s`);
            assert.ok(refused.retry_ms > 0 && refused.retry_ms <= 1000);
            await obey(client, refused.retry_ms);
            assert.equal((await client.say('lobby', 'in time')).type, 'ok', `after a jump of ${jumpS} s`);
            client.socket.terminate();
        }
    }));

test('a session that is used lives on, in the ledger and in the browser', { skip }, () =>
    withDate([], async (server, setApart) => {
        const user = freshName();
        const { cookie } = await api(server, 'sign_up', { user, password });
        // The use of a session is noted beside its answer. What is answered after this was written after it.
        const noted = async () =>
            assert.equal((await api(server, 'setting', { name: 'any', value: freshName() }, { cookie })).status, 200);
        setApart(20 * dayS);
        const answer = await api(server, 'whoami', {}, { cookie });
        assert.equal(answer.body.user, user);
        assert.match(answer.headers.get('set-cookie'), thirtyDays);
        assert.ok(answer.headers.get('set-cookie').startsWith(`${cookie};`));
        await noted();
        setApart(40 * dayS);
        const client = await Client.connect(server, { headers: { cookie }, hello: false,
                                                      ws: { finishRequest: (request, socket) => {
                                                          socket.once('upgrade', ({ headers }) => { socket.answered = headers; });
                                                          request.end();
                                                      } } });
        assert.match(client.socket.answered['set-cookie'][0], thirtyDays);
        await client.close();
        await noted();
        setApart(60 * dayS);
        assert.equal((await api(server, 'whoami', {}, { cookie })).body.user, user);
        await noted();
        setApart(91 * dayS);
        const late = await api(server, 'whoami', {}, { cookie });
        assert.equal(late.body.user, undefined);
        assert.equal(late.headers.get('set-cookie'), null);
    }));

test('an open connection is a use of its session; one whose session expires is closed', { skip, timeout: 180_000 }, () =>
    withDate([], async (server, setApart) => {
        const open = await Client.account(server);
        const bearer = { authorization: `Bearer ${open.token}` };
        const [{ session }] = (await api(server, 'list_sessions', {}, bearer)).body.sessions;
        for (const days of [20, 40]) {
            setApart(days * dayS);
            const other = await api(server, 'sign_in', { user: open.user, password: 'correct horse' });
            const todayMs = Date.now() + (days - 1) * dayS * 1000;
            await until('the use of the open connection to be noted', async () => {
                const { body } =
                    await api(server, 'list_sessions', {}, { authorization: `Bearer ${other.body.token}` });
                return body.sessions.find((one) => one.session === session).seen > todayMs;
            });
        }
        assert.equal((await api(server, 'whoami', {}, bearer)).body.user, open.user);
        setApart(71 * dayS);
        assert.equal((await open.closed).code, 4102);
        assert.equal((await api(server, 'whoami', {}, bearer)).body.user, undefined);
    }));
