// The native build and the wasm build of the protocol and of the markup, case by case: verdict, fault and re-encoded
// bytes must be the same, and must be what tests/vectors/protocol.json says; so must the pieces of generated texts.
//
//     node tests/wasm/parity.mjs build/release build/wasm [--mutations 20000] [--texts 100000] [--seed 1]
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {judged} from './judged.mjs';
import {markup_text} from './markup_texts.mjs';
import {mutate, random_source} from './mutations.mjs';

const vectors_path = fileURLToPath(new URL('../vectors/protocol.json', import.meta.url));
const batch_max = 20_000;         // cases judged by one process
const mutated_bytes_max = 2_000;  // of a frame that mutations start from

function text_bytes(text) {
    const pieces = Array.isArray(text) ? text : [text];
    return Buffer.concat(pieces.map((piece) => {
        if (typeof piece === 'string') return Buffer.from(piece);
        if ('base64' in piece) return Buffer.from(piece.base64, 'base64');
        return Buffer.from(piece.repeat.repeat(piece.times));
    }));
}

function read_vectors() {
    const {cases} = JSON.parse(readFileSync(vectors_path, 'utf8'));
    return cases.map((one) => ({type: '', ...one, frame: text_bytes(one.frame)}));
}

function expected_verdict({frame, ok, error}) {
    if (!error) return `ok ${(ok === true ? frame : text_bytes(ok)).toString('latin1')}`;
    return `fault ${error.code} ${error.id ?? '-'} ${JSON.stringify(error.field)} `;
}

function agrees(line, one) {
    return one.error ? line.startsWith(expected_verdict(one)) : line === expected_verdict(one);
}

function readable(latin1) {
    const text = Buffer.from(latin1, 'latin1').toString('utf8');
    const whole =
        Buffer.from(text).toString('latin1') === latin1 ? text : JSON.stringify(latin1) + ' (a byte a character)';
    return whole.length > 1000 ? `${whole.slice(0, 1000)}... (${latin1.length} bytes)` : whole;
}

function fail(title, one, verdicts) {
    console.error(`parity: ${title}\n  case    ${one.set} ${one.type} "${one.name}"`);
    console.error(`  frame   ${readable(one.frame.toString('latin1'))}`);
    for (const [who, line] of verdicts) console.error(`  ${who.padEnd(7)} ${readable(line)}`);
}

// How many differ; the first is shown.
function compare(cases, builds, folder, already) {
    const [left, right] = builds.map((build) => judged(build, cases, folder));
    let differ = 0;
    cases.forEach((one, i) => {
        if (left[i] === right[i]) return;
        if (already + differ++ === 0) fail('the builds differ', one, [['native', left[i]], ['wasm', right[i]]]);
    });
    return {differ, verdicts: left};
}

// So many cases, in batches.
function* batches(count, next) {
    for (let done = 0; done < count; done += batch_max)
        yield Array.from({length: Math.min(batch_max, count - done)}, next);
}

function* generated({mutations, texts, seed}, vectors) {
    const random = random_source(seed);
    const short = vectors.filter(({frame}) => frame.length <= mutated_bytes_max);
    yield* batches(mutations, () => mutate(random.pick(short), short, random));
    yield* batches(texts, () => ({set: 'markup', type: '', name: 'text', frame: Buffer.from(markup_text(random))}));
}

function main() {
    const {values, positionals: builds} = parseArgs({
        allowPositionals: true,
        options: {
            mutations: {type: 'string', default: '20000'},
            texts: {type: 'string', default: '100000'},
            seed: {type: 'string', default: '1'}
        },
    });
    if (builds.length !== 2)
        throw new Error('usage: parity.mjs NATIVE_BUILD WASM_BUILD [--mutations N] [--texts N] [--seed N]');
    const [mutations, texts, seed] = [values.mutations, values.texts, values.seed].map(Number);
    const folder = mkdtempSync(join(tmpdir(), 'parley-parity-'));
    try {
        const vectors = read_vectors();
        let {differ, verdicts} = compare(vectors, builds, folder, 0);
        const wrong = vectors.findIndex((one, i) => !agrees(verdicts[i], one));
        if (wrong >= 0)
            fail(
                'not what the vector says', vectors[wrong],
                [['native', verdicts[wrong]], ['vector', expected_verdict(vectors[wrong])]]);
        let compared = vectors.length, accepted = 0;
        for (const batch of generated({mutations, texts, seed}, vectors)) {
            const result = compare(batch, builds, folder, differ);
            differ += result.differ;
            compared += batch.length;
            accepted += result.verdicts.filter((line, i) => batch[i].set !== 'markup' && line.startsWith('ok ')).length;
        }
        console.log(`parity: ${vectors.length} vectors, ${mutations} mutations (${accepted} of them accepted) and ${
            texts} texts with markup, seed ${seed}`);
        console.log(`parity: ${compared} cases compared, ${differ} differ`);
        return differ === 0 && wrong < 0 && mutations > 0 && texts > 0 ? 0 : 1;
    } finally {
        rmSync(folder, {recursive: true});
    }
}

process.exitCode = main();
