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

// All text of these files, with string literals of C++ in one piece.
const textOf = (...paths) => execFileSync('git', ['-C', root, 'ls-files', ...paths], { encoding: 'utf8' }).trim().split('\n')
    .map(read).join('').replaceAll(/"\s*\n\s*"/g, '');
const explained = (where) =>
    [...page.matchAll(new RegExp(where + ': `([^`]+)`', 'g'))].map(([, line]) => line.replace(/ \.\.\.$/, ''));

test('lines of the log that are explained are lines that are written', () => {
    const sources = textOf('server/*.cpp');
    assert.ok(explained('log').length >= 5);
    for (const line of explained('log')) assert.ok(sources.includes(line), line);
});

test('what the page says is what is explained', () => {
    const sources = textOf('wasm-client/*.cpp', 'static/*');
    assert.ok(explained('page').length >= 4);
    for (const line of explained('page')) assert.ok(sources.includes(line), line);
});

test('commands that read or write the data name the user and the configuration', () => {
    const commands = [...page.matchAll(/^ +(.*\bparley (?:backup|restore|check)\b.*)$/gm)].map(([, line]) => line);
    assert.ok(commands.length >= 4);
    for (const line of commands)
        assert.match(line, /^sudo runuser -u parley -- .* --config \/etc\/parley\/parley\.toml$/);
});
