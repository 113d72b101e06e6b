// Files that somebody else prepared, where the server or root is about to make its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync,
         symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from './clients.mjs';
import { freePort, runToEnd, Server } from './server.mjs';

const isRoot = process.getuid() === 0;
const twoUsers = isRoot ? false : 'needs root, to be two users';
const nobody = { uid: 65534, gid: 65534 };

// A directory that everybody may write to.
function shared(t) {
    const path = mkdtempSync(join(tmpdir(), 'parley-test-'));
    chmodSync(path, 0o777);
    t.after(() => rmSync(path, { recursive: true, force: true }));
    return path;
}
async function start(t, ...settings) {
    const server = await Server.start(...settings);
    t.after(() => server.stop());
    return server;
}
const byNobody = (...command) => execFileSync(command[0], command.slice(1), nobody);
const mode = (path) => statSync(path).mode & 0o777;
const backup = (server, file) => runToEnd(['backup', file, '--data', server.data]);
const refusedStart = async (data, options) =>
    runToEnd(['--listen', `127.0.0.1:${await freePort()}`, '--data', data], options);

function assertRefused({ code, stdout, stderr }, words) {
    assert.equal(code, 1, stdout + stderr);
    assert.match(stderr.trim().split('\n').at(-1), words);
}
function assertDone({ code, stdout, stderr }) {
    assert.equal(code, 0, stdout + stderr);
}

test('a backup is not written into what another user has prepared under its name', { skip: twoUsers }, async (t) => {
    const server = await start(t), folder = shared(t), file = join(folder, 'backup.db'), partial = `${file}.partial`;
    const prepared = {
        'a file': () => byNobody('sh', '-c', `umask 0; echo theirs > ${partial}`),
        'a directory': () => byNobody('mkdir', '-m', '777', partial),
        'a link': () => byNobody('ln', '-s', join(folder, 'elsewhere'), partial),
    };
    for (const [name, prepare] of Object.entries(prepared)) {
        prepare();
        const before = lstatSync(partial);
        assertRefused(await backup(server, file), /backup\.db\.partial: (belongs to another user \(uid 65534 instead of 0\)|is a link)/);
        const after = lstatSync(partial);
        assert.deepEqual([after.ino, after.uid, after.mtimeMs], [before.ino, before.uid, before.mtimeMs], name);
        assert.deepEqual(readdirSync(folder), ['backup.db.partial'], name);
        rmSync(partial, { recursive: true });
    }
    // A write-ahead log beside the name would be played into the copy by SQLite.
    for (const beside of ['-wal', '-journal', '.partial-wal', '.partial-journal'])
        byNobody('sh', '-c', `umask 0; echo theirs > ${file}${beside}`);
    assertDone(await backup(server, file));
    assert.deepEqual([mode(file), statSync(file).uid], [0o600, 0]);
    assert.ok(!existsSync(partial));
});

test('what an interrupted backup of one\'s own left is used again, and is private', async (t) => {
    const server = await start(t), folder = shared(t), file = join(folder, 'backup.db');
    mkdirSync(`${file}.partial`);
    chmodSync(`${file}.partial`, 0o777);
    for (const name of ['backup.db', 'backup.db-wal', 'backup.db-journal'])
        writeFileSync(join(`${file}.partial`, name), 'half of a backup');
    assertDone(await backup(server, file));
    assert.equal(mode(file), 0o600);
    assert.deepEqual(readdirSync(folder), ['backup.db']);
});

test('a data directory of another user is refused', { skip: twoUsers }, async (t) => {
    const folder = shared(t), data = join(folder, 'data');
    byNobody('mkdir', '-m', '700', data);
    assertRefused(await refusedStart(data), /data: belongs to another user \(uid 65534\): start this as that user/);
    assert.deepEqual(readdirSync(data), []);
});

test('a data directory that others may write to is closed to them, and a line says so', async (t) => {
    const data = shared(t), server = await start(t, [], { data });
    assert.equal(mode(data), 0o700);
    await server.logged(/level=warn .*others could write here.*path=/);
    await server.terminate();
    for (const name of ['parley.db', 'parley.lock']) assert.equal(mode(join(data, name)), 0o600, name);
    chmodSync(join(data, 'parley.db'), 0o666);
    await server.launch();
    assert.equal(mode(join(data, 'parley.db')), 0o600);
});

test('a data directory that others may only read stays as it is', async (t) => {
    const data = shared(t);
    chmodSync(data, 0o755);
    await start(t, [], { data });
    assert.equal(mode(data), 0o755);
    for (const name of ['parley.db', 'parley.db-wal', 'parley.db-shm', 'parley.lock'])
        assert.equal(mode(join(data, name)), 0o600, name);
});

test('files of the database that another user put there are refused, and not played into it', { skip: twoUsers }, async (t) => {
    const server = await start(t);
    await (await Client.guest(server)).say('lobby', 'ours');
    await server.terminate();
    for (const name of ['parley.db-wal', 'parley.db-shm', 'parley.db-journal', 'parley.lock']) {
        const file = join(server.data, name);
        rmSync(file, { force: true });
        writeFileSync(file, 'theirs');
        chownSync(file, nobody.uid, nobody.gid);
        assertRefused(await refusedStart(server.data), new RegExp(`${name}: belongs to another user \\(uid 65534 instead of 0\\)`));
        assert.equal(readFileSync(file, 'utf8'), 'theirs');
        rmSync(file);
    }
    await server.launch();
});

test('a link in the place of a file is refused, and what it leads to stays', async (t) => {
    const data = shared(t), elsewhere = join(shared(t), 'elsewhere');
    for (const name of ['parley.db', 'parley.db-wal', 'parley.lock']) {
        symlinkSync(elsewhere, join(data, name));
        assertRefused(await refusedStart(data), new RegExp(`${name}: is a link`));
        assert.ok(!existsSync(elsewhere));
        rmSync(join(data, name));
    }
});

test('root restores for the user whose directory it is', { skip: twoUsers }, async (t) => {
    const server = await start(t), folder = shared(t), file = join(folder, 'backup.db'), data = join(folder, 'data');
    assertDone(await backup(server, file));
    byNobody('mkdir', '-m', '700', data);
    assertDone(await runToEnd(['restore', file, '--data', data]));
    for (const name of readdirSync(data)) {
        const { uid } = statSync(join(data, name));
        assert.equal(uid, nobody.uid, name);
    }
    assertDone(await runToEnd(['check', '--data', data], nobody));
});
