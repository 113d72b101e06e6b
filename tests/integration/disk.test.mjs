// The disk does not play along, for real: full, failing, read-only, locked, gone. Each time nothing acknowledged is lost,
// the client is told, /healthz is 503, the server lives, and recovers when the cause is gone.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from './clients.mjs';
import { freePort, patience, runToEnd, Server } from './server.mjs';
import { fetch, once, until } from './within.mjs';

const isRoot = process.getuid() === 0;
const works = (program, ...args) => spawnSync(program, args).status === 0;

// A file system of its own, of 8 MiB.
class SmallDisk {
    constructor() {
        this.path = mkdtempSync(join(tmpdir(), 'parley-disk-'));
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'parley-test', this.path]);
    }
    remount(options) { execFileSync('mount', ['-o', `remount,${options}`, this.path]); }
    // Takes what is left of it, to the last byte.
    fill() {
        const file = openSync(join(this.path, 'filler'), 'w');
        for (const size of [65536, 1])
            try {
                for (;;) writeSync(file, Buffer.alloc(size));
            } catch (error) {
                assert.equal(error.code, 'ENOSPC');
            }
        closeSync(file);
    }
    free() { rmSync(join(this.path, 'filler')); }
    remove() {
        execFileSync('umount', [this.path]);
        rmSync(this.path, { recursive: true });
    }
}
const canMount = () => {
    if (!isRoot) return false;
    try {
        new SmallDisk().remove();
        return true;
    } catch {
        return false;
    }
};
const noMount = canMount() ? false : 'needs root, and a kernel that lets it mount a tmpfs';

const health = async (server) => (await fetch(`${server.url}/healthz`)).status;

// Asks until it is so: the server finds out within a second or so, by itself.
async function untilHealth(server, wanted) {
    await until(`/healthz to answer ${wanted}`, async () => (await health(server)) === wanted);
}

// Says one thing after another and keeps what was acknowledged; gives the first refusal.
class Talker {
    static async start(server) {
        const client = await Client.account(server);
        return Object.assign(new Talker(), { server, client, acknowledged: new Map(), next: 0 });
    }
    async say(text = 'x'.repeat(12_000)) {
        const nonce = `m-${this.next}`;
        const answer = await this.client.say('lobby', text, nonce);
        if (answer.type === 'error') return answer;
        this.acknowledged.set(nonce, answer.seq);
        this.next += 1;
    }
    async untilRefused() {
        for (;;) {
            const refused = await this.say();
            if (refused) return refused;
        }
    }
    async assertNothingLost() {
        const reader = await Client.connect(this.server, { token: this.client.token });
        const log = await reader.log('lobby');
        for (const [nonce, seq] of this.acknowledged) assert.equal(log[seq - 1]?.nonce, nonce);
        const nonces = log.map((event) => event.nonce).filter(Boolean);
        assert.equal(nonces.length, this.acknowledged.size, 'nothing refused is in the log, nothing stands twice');
        await reader.close();
    }
}

// From the fault to the recovery, the same for every cause.
async function survives(server, { code, begin, end }) {
    const talker = await Talker.start(server);
    for (let i = 0; i < 5; i++) assert.equal(await talker.say(), undefined);
    await begin();
    const refused = await talker.untilRefused();
    assert.equal(refused.code, code, JSON.stringify(refused));
    assert.ok(refused.retry_ms > 0);
    assert.equal(await health(server), 503);
    assert.equal((await talker.say()).code, code, 'the same again, on the same connection');
    const history = await talker.client.ask('history', { room: 'lobby', limit: 1 });
    assert.equal(history.events.length, 1, 'what is there can be read');
    await end();
    await untilHealth(server, 200);  // without a word from a client
    for (let i = 0; i < 5; i++) assert.equal(await talker.say(), undefined, 'the refused nonce first');
    await talker.assertNothingLost();
    await server.kill();
    await server.launch();
    await talker.assertNothingLost();
    assert.equal((await server.terminate()).code, 0);
    const checked = await runToEnd(['check', '--data', server.data]);
    assert.equal(checked.code, 0, checked.stdout);
}

async function withServer(work, options = {}) {
    const server = await Server.start(['--send-burst', '0'], options);
    try {
        await work(server);
    } finally {
        await server.stop();
    }
}

test('a full disk', { skip: noMount, timeout: 60_000 * patience }, async () => {
    const disk = new SmallDisk();
    try {
        await withServer(async (server) => {
            await survives(server, { code: 'busy', begin: () => disk.fill(), end: () => disk.free() });
        }, { data: join(disk.path, 'data') });
    } finally {
        disk.remove();
    }
});

test('a backup or a restore that does not fit leaves no trace', { skip: noMount, timeout: 60_000 * patience }, async () => {
    const disk = new SmallDisk();
    const scratch = mkdtempSync(join(tmpdir(), 'parley-test-'));
    try {
        await withServer(async (server) => {
            const talker = await Talker.start(server);
            for (let i = 0; i < 20; i++) await talker.say();
            const backup = join(scratch, 'backup.db');
            assert.equal((await runToEnd(['backup', backup, '--data', server.data])).code, 0);
            disk.fill();
            const file = join(disk.path, 'backup.db');
            const { code, stderr } = await runToEnd(['backup', file, '--data', server.data]);
            assert.equal(code, 1);
            assert.match(stderr, /cannot be written .*full/);
            const restored = await runToEnd(['restore', backup, '--data', join(disk.path, 'data')]);
            assert.equal(restored.code, 1, restored.stdout);
            assert.match(restored.stderr, /cannot be written \(.*full\): nothing was restored/);
            for (const name of [file, `${file}.partial`, join(disk.path, 'data', 'parley.db.partial')])
                assert.ok(!existsSync(name), name);
            await talker.assertNothingLost();
        });
    } finally {
        rmSync(scratch, { recursive: true });
        disk.remove();
    }
});

test('an I/O error: the kernel refuses every write to a file', { timeout: 60_000 * patience }, async (t) => {
    if (!works('prlimit', '--version')) return t.skip('needs prlimit');
    await withServer(async (server) => {
        const limit = (bytes) => execFileSync('prlimit', ['--pid', server.child.pid, `--fsize=${bytes}:`]);
        await survives(server, { code: 'internal', begin: () => limit(1), end: () => limit('unlimited') });
    });
});

// A remount is not possible while the server has files open to write; this is what one would mean for it.
test('a file that becomes read-only under the server', { timeout: 60_000 * patience }, async (t) => {
    const scratch = mkdtempSync(join(tmpdir(), 'parley-test-'));
    const can = isRoot && works('chattr', '+i', scratch);
    works('chattr', '-i', scratch);
    rmSync(scratch, { recursive: true });
    if (!can) return t.skip('needs root, and a file system with chattr +i');
    await withServer(async (server) => {
        const files = ['parley.db', 'parley.db-wal'].map((name) => join(server.data, name));
        const release = () => execFileSync('chattr', ['-i', ...files]);
        try {
            await survives(server, {
                code: 'internal', begin: () => execFileSync('chattr', ['+i', ...files]), end: release });
        } finally {
            works('chattr', '-i', ...files.filter(existsSync));
        }
    });
});

test('a read-only disk is refused at the start, in one line', { skip: noMount }, async () => {
    const disk = new SmallDisk();
    try {
        await withServer(async (server) => {
            await server.terminate();
            disk.remount('ro');
            try {
                const listen = `127.0.0.1:${await freePort()}`;
                const { code, stderr } = await runToEnd(['--listen', listen, '--data', server.data]);
                assert.equal(code, 1);
                assert.match(stderr, /^parley: .*parley\.(?:db|lock): cannot be written \(Read-only file system\).*\n$/);
            } finally {
                disk.remount('rw');
            }
            await server.launch();
        }, { data: join(disk.path, 'data') });
    } finally {
        disk.remove();
    }
});

// Another writer of SQLite's holds this byte of the index (sqlite.org/walformat.html, section 2.3.1).
const lockProgram = `use Fcntl; open(my $file, '+<', $ARGV[0]) or die;
    my $lock = pack('s s x4 q q i x4', F_WRLCK, 0, 120, 1, 0);
    fcntl($file, F_SETLK, $lock) or die; $| = 1; print 'locked'; <STDIN>;`;

test('a file that another program has locked', { timeout: 60_000 * patience }, async (t) => {
    if (!works('perl', '-e', 'exit(length(pack("q", 0)) != 8)')) return t.skip('needs perl with 64-bit integers');
    await withServer(async (server) => {
        let other;
        const begin = async () => {
            other = spawn('perl', ['-e', lockProgram, join(server.data, 'parley.db-shm')]);
            const said = await Promise.race([once(other.stdout, 'data'), once(other, 'exit')]);
            assert.equal(said.toString(), 'locked');
        };
        const end = () => (other.stdin.end(), once(other, 'exit'));
        await survives(server, { code: 'busy', begin, end });
    });
});

test('a database that is removed, then replaced, then put back', { timeout: 60_000 * patience }, async () => {
    await withServer(async (server) => {
        const file = join(server.data, 'parley.db'), aside = join(server.data, 'aside.db');
        const begin = async () => {
            renameSync(file, aside);
            assert.equal(await health(server), 503, 'before anyone writes');
            copyFileSync(aside, file);
            assert.match(await (await fetch(`${server.url}/healthz`)).text(), /parley\.db was replaced/);
        };
        await survives(server, { code: 'internal', begin, end: () => renameSync(aside, file) });
    });
});
