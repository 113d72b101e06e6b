// The page and the program say the same words and numbers, though one is JavaScript and HTML and the other C++: the
// patches and fields of wasm-client/view/patches.hpp, and limits that stand in both.
import {codeOf} from './source_text.mjs';

const table = 'wasm-client/view/patches.hpp';
const scripts = ['static/topics.js', 'static/timeline.js', 'static/markup.js'];

const lineOf = (text, index) => text.slice(0, index).split('\n').length;

// [[word, line]] of the matches' first group.
const wordsIn = (text, pattern) => [...text.matchAll(pattern)].map(({1: word, index}) => [word, lineOf(text, index)]);

// The text between the braces that follow `head`, with everything before it blanked.
function blockAfter(text, head) {
    const start = text.indexOf(head), end = text.indexOf('\n};', start);
    return start < 0 ? '' : text.slice(0, start).replace(/[^\n]/g, ' ') + text.slice(start, end);
}

const methodsOf = (text, head) => wordsIn(blockAfter(text, head), /^    (\w+)[(:]/gm);

// The fields that a script reads: destructured from a value of a topic, or of a row, an entry, a person.
function fieldsRead(text) {
    const code = codeOf(text, true);
    const destructured = wordsIn(code, /^    \w+\(\{ ([^}]*) \}\) \{/gm).flatMap(
        ([names, line]) => names.split(',').map((name) => [name.split('=')[0].trim(), line]));
    return [...destructured, ...wordsIn(code, /\b(?:row|entry|person|author)\.(\w+)/g)];
}

// Faults of two lists of [word, line] that must have the same words.
function* differences(written, read, pathOfRead, noun) {
    const [left, right] = [written, read].map((list) => new Set(list.map(([word]) => word)));
    for (const [word, line] of written)
        if (!right.has(word)) yield {path: table, line, advice: `no script reads the ${noun} "${word}"`};
    for (const [word, line, path] of read)
        if (!left.has(word)) yield {path: path ?? pathOfRead, line, advice: `${table} has no ${noun} "${word}"`};
}

function* wordFaults(textOf) {
    const patches = textOf(table);
    const [topics, timeline, markup] = scripts.map(textOf);
    const at = (path, list) => list.map(([word, line]) => [word, line, path]);
    yield* differences(
        wordsIn(patches, /\bpatch \w+\{"(\w+)"\}/g),
        [
            ...at(scripts[0], methodsOf(topics, 'export const topics = {')),
            ...at(scripts[1], methodsOf(timeline, 'export const rowPatches = {'))
        ],
        scripts[0], 'patch');
    yield* differences(
        wordsIn(patches, /\brow_kind_word \w+\{"(\w+)"\}/g), methodsOf(timeline, 'const draw = {'), scripts[1],
        'kind of row');
    yield* differences(
        wordsIn(patches, /\bpiece_word \w+\{"(\w+)"\}/g), methodsOf(markup, 'const build = {'), scripts[2],
        'kind of piece');
    yield* differences(
        wordsIn(patches, /\bfield \w+\{"(\w+)"\};(?!  \/\/ never read)/g),
        scripts.flatMap((path) => at(path, fieldsRead(textOf(path)))), scripts[0], 'field');
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
function numbersIn(text, pattern) {
    const matches = wordsIn(text, pattern);
    const counts = matches.length > 0 && matches[0][0] === undefined;
    return counts ? [[String(matches.length), matches[0][1]]] : matches;
}

function* numberFaults(textOf) {
    for (const [source, constant, path, pattern] of numbers) {
        const value = textOf(source).match(new RegExp(`\\b${constant} = ([\\d']+);`))?.[1].replaceAll('\'', '');
        const same = numbersIn(textOf(path), pattern);
        if (!value || same.length === 0)
            yield {path, line: 1, advice: `${constant} of ${source} is no longer found here: correct the rule`};
        for (const [number, line] of same)
            if (value && number !== value) yield {path, line, advice: `${constant} of ${source} is ${value}, not ${number}`};
    }
}

// [{rule, path, line, advice}]; none where the files of the page are not there.
export function pageContractFaults(files) {
    const texts = new Map(files.map(({path, text}) => [path, text]));
    if (!texts.has(table)) return [];
    const textOf = (path) => texts.get(path) ?? '';
    return [...wordFaults(textOf), ...numberFaults(textOf)].map((fault) => ({rule: 'page_contract', ...fault}));
}
