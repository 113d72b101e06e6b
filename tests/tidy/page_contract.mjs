// The page and the program say the same words and numbers, though one is JavaScript and HTML and the other C++: the
// patches and fields of wasm-client/view/patches.hpp, and limits that stand in both.
import {code_of} from './source_text.mjs';

const table = 'wasm-client/view/patches.hpp';
const scripts = ['static/topics.js', 'static/timeline.js'];

const line_of = (text, index) => text.slice(0, index).split('\n').length;

// [[word, line]] of the matches' first group.
const words_in = (text, pattern) => [...text.matchAll(pattern)].map(({1: word, index}) => [word, line_of(text, index)]);

// The text between the braces that follow `head`, with everything before it blanked.
function block_after(text, head) {
    const start = text.indexOf(head), end = text.indexOf('\n};', start);
    return start < 0 ? '' : text.slice(0, start).replace(/[^\n]/g, ' ') + text.slice(start, end);
}

const methods_of = (text, head) => words_in(block_after(text, head), /^    (\w+)\(/gm);

// The fields that a script reads: destructured from a value of a topic, or of a row, an entry, a person.
function fields_read(text) {
    const code = code_of(text, true);
    const destructured = words_in(code, /^    \w+\(\{ ([^}]*) \}\) \{/gm).flatMap(
        ([names, line]) => names.split(',').map((name) => [name.split('=')[0].trim(), line]));
    return [...destructured, ...words_in(code, /\b(?:row|entry|person|author)\.(\w+)/g)];
}

// Faults of two lists of [word, line] that must have the same words.
function* differences(written, read, path_of_read, noun) {
    const [left, right] = [written, read].map((list) => new Set(list.map(([word]) => word)));
    for (const [word, line] of written)
        if (!right.has(word)) yield {path: table, line, advice: `no script reads the ${noun} "${word}"`};
    for (const [word, line, path] of read)
        if (!left.has(word)) yield {path: path ?? path_of_read, line, advice: `${table} has no ${noun} "${word}"`};
}

function* word_faults(text_of) {
    const patches = text_of(table);
    const [topics, timeline] = scripts.map(text_of);
    const at = (path, list) => list.map(([word, line]) => [word, line, path]);
    yield* differences(
        words_in(patches, /\bpatch \w+\{"(\w+)"\}/g),
        [
            ...at(scripts[0], methods_of(topics, 'export const topics = {')),
            ...at(scripts[1], methods_of(timeline, 'export const rowPatches = {'))
        ],
        scripts[0], 'patch');
    yield* differences(
        words_in(patches, /\brow_kind_word \w+\{"(\w+)"\}/g), methods_of(timeline, 'const draw = {'), scripts[1],
        'kind of row');
    yield* differences(
        words_in(patches, /\bfield \w+\{"(\w+)"\};(?!  \/\/ never read)/g),
        scripts.flatMap((path) => at(path, fields_read(text_of(path)))), scripts[0], 'field');
}

// [C++ file, its constant, other file, the same number there]. Without a group, the matches are counted.
const numbers = [
    ['shared/protocol/limits.hpp', 'user_name_bytes_max', 'static/index.html', /name="user"[^>]*maxlength="(\d+)"/g],
    ['shared/protocol/limits.hpp', 'password_bytes_min', 'static/index.html', /name="password"[^>]*minlength="(\d+)"/g],
    ['shared/protocol/limits.hpp', 'password_bytes_min', 'static/index.html', /At least (\d+) characters/g],
    ['shared/protocol/limits.hpp', 'title_bytes_max', 'static/index.html', /name="title"[^>]*maxlength="(\d+)"/g],
    ['wasm-client/view/timeline.hpp', 'end_px', 'static/timeline.js', /const endPx = (\d+);/g],
    ['wasm-client/view/person.hpp', 'hues', 'static/style.css', /\[data-hue="\d"\]/g],
];

// [[number, line]]
function numbers_in(text, pattern) {
    const matches = words_in(text, pattern);
    const counts = matches.length > 0 && matches[0][0] === undefined;
    return counts ? [[String(matches.length), matches[0][1]]] : matches;
}

function* number_faults(text_of) {
    for (const [source, constant, path, pattern] of numbers) {
        const value = text_of(source).match(new RegExp(`\\b${constant} = ([\\d']+);`))?.[1].replaceAll('\'', '');
        const same = numbers_in(text_of(path), pattern);
        if (!value || same.length === 0)
            yield {path, line: 1, advice: `${constant} of ${source} is no longer found here: correct the rule`};
        for (const [number, line] of same)
            if (value && number !== value) yield {path, line, advice: `${constant} of ${source} is ${value}, not ${number}`};
    }
}

// [{rule, path, line, advice}]; none where the files of the page are not there.
export function page_contract_faults(files) {
    const texts = new Map(files.map(({path, text}) => [path, text]));
    if (!texts.has(table)) return [];
    const text_of = (path) => texts.get(path) ?? '';
    return [...word_faults(text_of), ...number_faults(text_of)].map((fault) => ({rule: 'page_contract', ...fault}));
}
