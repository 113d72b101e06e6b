// server/OPERATING.md says what is so: its options, its snippets and its lines of the log are the program's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { runToEnd } from './server.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(root + path, 'utf8');
const page = read('server/OPERATING.md');

test('every option of --help has its row, and every row is an option', async () => {
    const { stdout } = await runToEnd(['--help']);
    const options = new Set([...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name));
    const rows = [...page.matchAll(/^\| (`--.*?) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`--([a-z-]+)/g)]);
    const named = new Set(rows.map(([, name]) => name));
    for (const name of ['help', 'version', 'print-config']) options.delete(name);
    assert.deepEqual([...named].sort(), [...options].sort());
});

test('the snippet for nginx is the one that is tried', () => {
    const lines = read('server/packaging/nginx-location.conf').split('\n').filter((line) => line && !line.startsWith('#'));
    for (const line of lines) assert.ok(page.includes('    ' + line), line);
});

test('lines of the log that are explained are lines that are written', () => {
    const sources = execFileSync('git', ['-C', root, 'ls-files', 'server/*.cpp'], { encoding: 'utf8' }).trim().split('\n')
        .map(read).join('').replaceAll(/"\s*\n\s*"/g, '');
    const explained = [...page.matchAll(/log: `([^`]+)`/g)].map(([, line]) => line.replace(/ \.\.\.$/, ''));
    assert.ok(explained.length >= 5);
    for (const line of explained) assert.ok(sources.includes(line), line);
});
