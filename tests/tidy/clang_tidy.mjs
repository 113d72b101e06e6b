// clang-tidy, with the checks of .clang-tidy, over every source that the server is built from:
//
//     node tests/tidy/clang_tidy.mjs [root]
//
// A source is looked at again when it, a header of ours below it, its compiler flags or the checks have changed: what
// was clean has a file in build/tidy-cache. Tests are left out (macros of Catch2), and so is what only em++ builds.
import {execFile, execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

import {isRequired, judge, toolOf} from './format.mjs';

const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const build = join(root, 'build/release');
const cache = join(root, 'build/tidy-cache');
const fileLimitMs = 300_000;
// Warnings, which gcc gives, and its options for them are no matter of the checks, also where they are errors.
const notOfChecks = ['-Wno-error', '-Wno-unknown-warning-option'];
const ofOurs = /^(?:server|shared|wasm-client)\//;

function sources() {
    if (!existsSync(join(build, 'compile_commands.json')))
        execFileSync('cmake', ['--preset', 'release'], {cwd: root, stdio: ['ignore', 'ignore', 'inherit']});
    const commands = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'));
    return commands.map(({file, command}) => ({path: relative(root, file), command}))
        .filter(({path}) => ofOurs.test(path) && path.endsWith('.cpp'));
}

// The file and, with what they include, the headers of ours.
function textsBelow(path, seen = new Map()) {
    if (seen.has(path) || !existsSync(join(root, path))) return seen;
    const text = readFileSync(join(root, path), 'utf8');
    seen.set(path, text);
    for (const [, header] of text.matchAll(/^#include "([^"]+)"/gm)) textsBelow(header, seen);
    return seen;
}

function keyOf({path, command}, checks) {
    const hash = createHash('sha256').update(JSON.stringify([judge, checks, command]));
    for (const [name, text] of textsBelow(path)) hash.update(JSON.stringify([name, text]));
    return hash.digest('hex');
}

// What it found; empty: clean.
function lookAt(tool, {path}) {
    const flags = [
        '--quiet', '--warnings-as-errors=*', ...notOfChecks.map((flag) => `--extra-arg=${flag}`), '-p', build,
        join(root, path)
    ];
    const limits = {timeout: fileLimitMs, maxBuffer: 64 << 20};
    return new Promise((resolve) => execFile(tool, flags, limits, (error, stdout) => {
        resolve(error ? `${stdout || error.message}\n` : '');
    }));
}

const tool = toolOf('clang-tidy');
if (!tool && isRequired()) {
    console.error(`clang-tidy: version ${judge} is not here: make tidy installs it`);
    process.exit(1);
}
if (!tool) {
    console.log(`clang-tidy: left out: version ${judge} is not here`);
    process.exit(0);
}
mkdirSync(cache, {recursive: true});
const checks = readFileSync(join(root, '.clang-tidy'), 'utf8');
const all = sources().map((source) => ({...source, clean: join(cache, keyOf(source, checks))}));
const waiting = all.filter(({clean}) => !existsSync(clean));
const lookedAt = waiting.length;
let faulty = 0;
async function work() {
    while (waiting.length > 0) {
        const source = waiting.shift();
        const found = await lookAt(tool, source);
        if (found) {
            ++faulty;
            console.error(found);
        } else {
            writeFileSync(source.clean, source.path);
        }
    }
}
await Promise.all(Array.from({length: availableParallelism()}, work));
console.log(`clang-tidy: ${all.length} files, ${lookedAt} looked at, ${faulty} with faults`);
process.exitCode = faulty === 0 ? 0 : 1;
