// The script of parley-backup.service: one copy a day, of which seven days and four weeks stay.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { binary } from './server.mjs';

const script = fileURLToPath(new URL('../../server/packaging/backup.sh', import.meta.url));
const realDate = execFileSync('sh', ['-c', 'command -v date'], { encoding: 'utf8' }).trim();

// A directory of backups, and programs of another day: `date`, `parley backup` and `df` are stand-ins. `write` is how
// the configuration names the data.
function rig(t, write = (data) => `"${data}"`, name = 'data') {
    const root = mkdtempSync(join(tmpdir(), 'parley-test-'));
    t.after(() => rmSync(root, { recursive: true, force: true }));
    const [bin, to, data] = ['bin', 'to', name].map((name) => join(root, name));
    for (const folder of [bin, to, data]) mkdirSync(folder);
    const config = join(root, 'parley.toml');
    writeFileSync(config, `#data = "/nonexistent"\n data=${write(data)} # "here"\n`);
    const program = (name, text) => {
        writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
        chmodSync(join(bin, name), 0o755);
    };
    program('date', `exec ${realDate} -d "$DAY" "$@"`);
    const parley = (backup) => program('parley', `case $* in *--print-config) exec ${binary} "$@" ;; esac\n${backup}`);
    parley(`[ "$1 $3 $4" = "backup --config ${config}" ] && echo copy >"$2"`);
    const run = (day) => spawnSync('sh', [script, to, config], {
        encoding: 'utf8', timeout: 60_000, env: { PATH: `${bin}:${process.env.PATH}`, DAY: day }
    });
    return { to, data, config, parley, program, run, names: () => readdirSync(to).sort() };
}

const days = (from, count) => Array.from({ length: count }, (_, i) =>
    new Date(Date.parse(from) + i * 86_400_000).toISOString().slice(0, 10));

test('after two months the last seven days and the last four weeks are there', (t) => {
    const { to, run, names } = rig(t);
    for (const day of days('2026-11-01', 62)) assert.equal(run(day).status, 0, day);
    assert.deepEqual(names(), [
        ...days('2026-12-26', 7).map((day) => `parley-day-${day}.db`),
        ...['2026-W50', '2026-W51', '2026-W52', '2026-W53'].map((week) => `parley-week-${week}.db`)]);
    for (const name of names()) assert.equal(statSync(join(to, name)).mode & 0o077, 0, name);
});

test('a second run on one day, and days that were missed, change nothing of what is there', (t) => {
    const { run, names } = rig(t);
    for (const day of ['2026-11-02', '2026-11-02', '2026-11-20']) assert.equal(run(day).status, 0);
    assert.deepEqual(names(), ['parley-day-2026-11-02.db', 'parley-day-2026-11-20.db', 'parley-week-2026-W45.db', 'parley-week-2026-W47.db']);
});

test('a backup that fails drops no older one', (t) => {
    const { parley, run, names } = rig(t);
    for (const day of days('2026-11-01', 7)) run(day);
    const before = names();
    parley('echo "parley: no" >&2; exit 1');
    assert.equal(run('2026-11-08').status, 1);
    assert.deepEqual(names(), before);
});

test('where the copy would not fit in twice, nothing is written and it says so', (t) => {
    const { program, run, names, data } = rig(t);
    writeFileSync(join(data, 'parley.db'), Buffer.alloc(1 << 20));
    program('df', 'echo header; echo "disk 9999 9999 1500 1% /"');
    const { status, stderr } = run('2026-11-01');
    assert.equal(status, 1);
    assert.match(stderr, /^backup: .* has 1500 KB free and \d+ are needed: nothing was written\n$/);
    assert.deepEqual(names(), []);
});

test('the directory of the data may be written as TOML allows it', (t) => {
    for (const [write, name] of [[(data) => `'${data}'`, 'it is here'], [(data) => `"${data.replace('"', '\\"')}"`, 'a"b']]) {
        const { program, run, data } = rig(t, write, name);
        writeFileSync(join(data, 'parley.db'), Buffer.alloc(1 << 20));
        program('df', 'echo header; echo "disk 9999 9999 1500 1% /"');
        assert.match(run('2026-11-01').stderr, /^backup: .* has 1500 KB free and 2\d{3} are needed: nothing was written\n$/);
    }
});

test('with a mistake in the configuration nothing is written', (t) => {
    const { run, config, names } = rig(t);
    writeFileSync(config, 'dta = "/nonexistent"\n');
    const { status, stderr } = run('2026-11-01');
    assert.notEqual(status, 0);
    assert.match(stderr, /there is no `?dta/);
    assert.deepEqual(names(), []);
});
