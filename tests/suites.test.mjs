// The runner of test files: one line for what passes, everything of what fails, an end for what hangs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('suites.mjs', import.meta.url));

// {status, lines} of a run over files with these bodies of a test.
function run(t, bodies, seconds = 30) {
    const folder = mkdtempSync(join(tmpdir(), 'parley-suites-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const files = Object.entries(bodies).map(([name, body]) => {
        const file = join(folder, `${name}.test.mjs`);
        writeFileSync(file, `import { test } from 'node:test';\ntest('of ${name}', async () => { ${body} });\n`);
        return file;
    });
    const { NODE_TEST_CONTEXT, ...env } = process.env;  // set by the runner of this file; the next would report to it
    env.PARLEY_SUITE_SECONDS = String(seconds);
    const { status, stdout } = spawnSync(process.execPath, [runner, '2', ...files], { env, encoding: 'utf8' });
    return { status, lines: stdout.trim().split('\n') };
}

test('a file that passes is one line, and the sums follow', (t) => {
    const { status, lines } = run(t, { fine: '', well: '' });
    assert.equal(status, 0);
    assert.equal(lines.length, 6);
    assert.match(lines[0], /^passed .*: 1 tests in \d/);
    assert.deepEqual(lines.slice(2), ['# tests 2', '# pass 2', '# fail 0', '# skipped 0']);
});

test('a file that fails is shown whole, and fails the run', (t) => {
    const { status, lines } = run(t, { fine: '', wrong: 'throw new Error("the reason");' });
    assert.equal(status, 1);
    assert.ok(lines.some((line) => line.includes('the reason')));
    assert.ok(lines.includes('# fail 1'));
    assert.match(lines.at(-1), /^# FAILED .*wrong\.test\.mjs/);
});

test('a file that hangs is ended, and fails the run', (t) => {
    const { status, lines } = run(t, { hangs: 'await new Promise((done) => setTimeout(done, 60_000));' }, 2);
    assert.equal(status, 1);
    assert.ok(lines.some((line) => line.includes('longer than 2 s')));
});

test('no file at all is no success', (t) => assert.equal(run(t, {}).status, 1));
