// Backup, restore and check, as an operator does them: the commands of the binary, beside a server that is busy.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { api, Client, freshName } from './clients.mjs';
import { runToEnd, Server } from './server.mjs';

const password = 'correct horse';

async function withServer(work) {
    const server = await Server.start(['--send-burst', '0']);
    const scratch = mkdtempSync(join(tmpdir(), 'parley-test-'));
    try {
        await work(server, join(scratch, 'backup.db'), scratch);
    } finally {
        await server.stop();
        rmSync(scratch, { recursive: true });
    }
}

const data = (server) => ['--data', server.data];
const backup = (server, file) => runToEnd(['backup', file, ...data(server)]);
const restore = (server, file, ...flags) => runToEnd(['restore', file, ...data(server), ...flags]);
const check = (server) => runToEnd(['check', ...data(server)]);

function assertDone({ code, stdout, stderr }) {
    assert.equal(code, 0, stdout + stderr);
    return stdout;
}
function assertRefused({ code, stderr }, word, status = 1) {
    assert.equal(code, status, stderr);
    assert.equal(stderr.trim().split('\n').length, 1, `one line: ${stderr}`);
    assert.match(stderr, word);
}

test('a backup is taken while writers write; each has what was acknowledged before it began', async () => {
    await withServer(async (server, file, scratch) => {
        const ann = await Client.account(server), bob = await Client.account(server);
        let ends = false;
        const write = async (client) => {
            let said = 0;
            for (; !ends; said++) assert.equal((await client.say('lobby', 'x'.repeat(2000))).type, 'ok');
            return said;
        };
        const writing = [write(ann), write(bob)];
        const copies = [];
        for (let i = 0; i < 3; i++) {
            const top = (await ann.say('lobby', `before ${i}`)).seq;
            const out = assertDone(await backup(server, `${file}${i}`));
            const [, rooms, events, bytes] = out.match(/: (\d+) rooms, (\d+) events, (\d+) bytes\n$/).map(Number);
            assert.equal(rooms, 1);
            assert.ok(events >= top, `${events} events, ${top} were acknowledged`);
            assert.equal(bytes, statSync(`${file}${i}`).size);
            assert.equal(statSync(`${file}${i}`).mode & 0o777, 0o600);
            copies.push(events);
        }
        ends = true;
        for (const said of await Promise.all(writing)) assert.ok(said > 0);
        assert.ok(copies[0] < copies[1] && copies[1] < copies[2]);
        assert.deepEqual(readdirSync(scratch).sort(), ['backup.db0', 'backup.db1', 'backup.db2']);
        assertDone(await check(server));
        assertRefused(await backup(server, `${file}0`), /exists already/);
    });
});

test('after a restore a client that resumes has to drop its copy, and signs in anew', async () => {
    await withServer(async (server, file) => {
        const user = freshName();
        const ann = await Client.account(server, user);
        await ann.say('lobby', 'kept', 'nonce-1');
        const { epoch, top } = ann.welcome.rooms[0];
        assertDone(await backup(server, file));
        const { seq } = await ann.say('lobby', 'not in the backup', 'nonce-2');
        await ann.ask('create_room', { room: 'later', title: 'Later' });
        assertRefused(await restore(server, file, '--replace'), /another server is running/);
        await server.terminate();
        assertRefused(await restore(server, file), /--replace/);
        assert.match(assertDone(await restore(server, file, '--replace')), /epoch \d+, everyone signs in anew/);
        assertDone(await check(server));
        await server.launch();

        const refused = await api(server, 'send', { room: 'lobby', nonce: 'n', text: 'x' },
                                  { authorization: `Bearer ${ann.token}` });
        assert.equal(refused.status, 401);
        const { body } = await api(server, 'sign_in', { user, password });
        const resume = [{ room: 'lobby', epoch, seq }, { room: 'later', epoch, seq: 2 }];
        const again = await Client.connect(server, { token: body.token, resume });
        const [lobby] = again.welcome.rooms;
        assert.equal(again.welcome.rooms.length, 1);  // `later` was not in the backup
        assert.equal(lobby.resync, true);
        assert.ok(lobby.epoch > epoch);
        assert.equal(lobby.top, top + 1);
        await again.hears('lobby', 'kept');
        assert.equal((await again.ask('subscribe', { room: 'lobby', epoch, seq })).resync, true);
        assert.equal((await again.say('lobby', 'kept', 'nonce-1')).seq, top + 1);  // it is in the log: its first answer
        const later = await again.ask('create_room', { room: 'later', title: 'Later' });
        assert.equal(later.epoch, lobby.epoch, 'not the epoch that its name had before');
        assertDone(await check(server));
    });
});

test('a backup is restored into a new directory, and served from there', async () => {
    await withServer(async (server, file, scratch) => {
        const ann = await Client.account(server);
        await ann.say('lobby', 'moves house');
        assertDone(await backup(server, file));
        const data = join(scratch, 'new', 'data');
        assertDone(await runToEnd(['restore', file, '--data', data]));
        const moved = await Server.start([], { data });
        try {
            const { body } = await api(moved, 'sign_in', { user: ann.user, password });
            const { events } = await (await Client.connect(moved, { token: body.token })).ask('history', { room: 'lobby', limit: 1 });
            assert.equal(events[0].text, 'moves house');
        } finally {
            await moved.stop();
        }
    });
});

test('the check says what it looked at, and finds damage', async () => {
    await withServer(async (server, file) => {
        const ann = await Client.account(server);
        for (let i = 0; i < 60; i++) await ann.say('lobby', 'x'.repeat(4000));
        for (const running of [true, false]) {
            if (!running) await server.kill();  // leaves its write-ahead log
            const lines = assertDone(await check(server)).trim().split('\n');
            assert.ok(lines.length >= 15);
            for (const line of lines) assert.match(line, /^holds  .*: \d+ [a-z ]+$/);
            assert.ok(lines.some((line) => /seq runs from 1 without a gap.*: 62 events/.test(line)), lines.join('\n'));
        }
        await server.launch();
        await server.terminate();
        const path = join(server.data, 'parley.db');
        const bytes = readFileSync(path);
        bytes.fill(0xa5, 4096 * 20, 4096 * 22);
        writeFileSync(path, bytes);
        const { code, stdout } = await check(server);
        assert.equal(code, 1);
        assert.match(stdout, /^BROKEN every page/m);
        assert.deepEqual(readFileSync(path), bytes);
        assertRefused(await backup(server, file), /damaged/);
        assert.ok(!existsSync(file) && !existsSync(file + '.partial'));
    });
});

test('a file that is no backup is refused', async () => {
    await withServer(async (server, file) => {
        await server.terminate();
        assertRefused(await restore(server, file, '--replace'), /no such file/);
        writeFileSync(file, 'no backup '.repeat(1000));
        assertRefused(await restore(server, file, '--replace'), /not a database: choose another backup/);
        await server.launch();
    });
});

test('the files of the data are neither written by a backup nor restored', async () => {
    await withServer(async (server, file) => {
        assertDone(await backup(server, file));
        await server.terminate();
        const own = (name) => join(server.data, name), whole = readFileSync(file);
        for (const name of ['parley.db-wal', 'parley.db.before-1'])
            assertRefused(await backup(server, own(name)), /is a file of the data itself: choose another name/);
        writeFileSync(own('parley.db.partial'), whole);
        for (const name of ['parley.db', 'parley.db.partial'])
            assertRefused(await restore(server, own(name), '--replace'), /is a file of the data itself: choose another name/);
        assert.deepEqual(readFileSync(own('parley.db.partial')), whole);
        const [, kept] = assertDone(await restore(server, file, '--replace')).match(/kept as (.*)$/m);
        assertDone(await restore(server, kept, '--replace'));
        await server.launch();
    });
});

test('a wrong command is bad usage: one line, status 2; --help explains it', async () => {
    assertRefused(await runToEnd(['backup']), /FILE/, 2);
    assertRefused(await runToEnd(['restore']), /FILE/, 2);
    assertRefused(await runToEnd(['backup', 'a', 'b']), /b/, 2);
    assertRefused(await runToEnd(['frobnicate']), /frobnicate/, 2);
    assertRefused(await runToEnd(['check', '--replace']), /replace/, 2);
    for (const command of ['backup', 'restore', 'check'])
        assert.match((await runToEnd(['--help'])).stdout, new RegExp(`^  ${command} `, 'm'));
    assert.match((await runToEnd(['backup', '--help'])).stdout, /FILE[\s\S]*--data/);
    assertRefused(await runToEnd(['check', '--data', join(tmpdir(), 'parley-none')]), /--data/);
    assert.ok(!existsSync(join(tmpdir(), 'parley-none')));
});
