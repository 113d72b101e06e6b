// The rules of the house that a program can check. A rule looks at one file and yields faults: [line, what to do].
import {codeOf, functionsOf, rawStringLines} from './source_text.mjs';

const fileLinesMax = 400;
const functionLinesMax = 70;
const mainLinesMax = 60;
const columnsMax = 100;

// What each layer may include besides itself, shared/protocol and shared/ensure.hpp; what it includes there, it may include too.
const layers = {
    'shared/protocol': [],
    'shared/unicode': [],
    'shared/fold': [],
    'shared/markup': ['shared/unicode'],
    'server/base': [],
    'server/wire': ['server/base'],
    'server/chat': ['server/base', 'server/wire', 'shared/fold'],
    'server/log': [],
    'server/storage': ['server/chat', 'server/log', 'shared/fold'],
    'server/bus': ['server/chat'],
    'server/auth': ['server/chat'],
    'server/shard': ['server/chat'],
    'server/config': ['server/chat'],
    'server/http': ['server/auth', 'server/config'],
    'server/net': ['server/shard', 'server/http', 'server/config', 'server/log'],
    'wasm-client/state': ['shared/unicode', 'shared/fold', 'shared/markup'],
    'wasm-client/view': ['wasm-client/state'],
    'wasm-client/transport': [],
    'wasm-client/bindings': [],
};

const pureLayers = ['shared/protocol', 'shared/unicode', 'shared/fold', 'shared/markup',
    'server/wire', 'server/chat', 'wasm-client/state', 'wasm-client/view'];
const impureHeaders = new RegExp(
    '^(?:chrono|ctime|time\\.h|thread|mutex|shared_mutex|condition_variable|future|' +
    'fstream|filesystem|iostream|cstdio|stdio\\.h|random|unistd\\.h|sys/.*|boost/.*|asio.*|emscripten.*|sqlite3\\.h|' +
    'sodium.*|spdlog/.*)$');

const impureOwn = new Set(['server/base/clock.hpp', 'server/base/mutex.hpp']);

const topLevel = new Set([
    '.ci', '.clang-format', '.clang-tidy', '.gitignore', 'CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'Makefile',
    'README.md', 'server', 'shared', 'static', 'tests', 'wasm-client'
]);

const badWords = ['util', 'utils', 'common', 'helper', 'helpers', 'manager', 'managers'];

const isCpp = (path) => /\.[ch]pp$/.test(path);
const isScript = (path) => /\.m?js$/.test(path);
const isBuildFile = (path) => /(?:^|\/)(?:CMakeLists\.txt|Makefile)$|\.cmake$|\.sh$|^\.ci\//.test(path);
const isSource = (path) => isCpp(path) || isScript(path) || isBuildFile(path) || /\.(?:css|html|S)$/.test(path);
const isTidy = (path) => path.startsWith('tests/tidy/');  // whose snippets break the rules
const folderOf = (path, depth) => path.split('/').slice(0, depth).join('/');

const lineAt = (text, index) => text.slice(0, index).split('\n').length;

function* matches(text, pattern, advice) {
    for (const match of text.matchAll(pattern)) yield [lineAt(text, match.index), advice(match)];
}

// [line, header, quoted] of each #include.
function includesOf({path, text}) {
    if (!isCpp(path)) return [];
    return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)].map(
        (match) => ({line: lineAt(text, match.index), header: match[2], quoted: match[1] === '"'}));
}

const isForAll = (target) => target === 'shared/protocol' || target === 'shared/ensure.hpp';

function mayInclude(layer, target) {
    return layer === target || isForAll(target) ||
        layers[layer].some((below) => mayInclude(below, target));
}

const onSide = (side, target) => isForAll(target) || folderOf(target, 1) === side;

function* layering(file) {
    const side = folderOf(file.path, 1), layer = folderOf(file.path, 2);
    if (side === 'tests') return;
    for (const {line, header, quoted} of includesOf(file)) {
        const target = folderOf(header, 2);
        if (!quoted) continue;
        if (!/^(?:shared|server|wasm-client)\//.test(header))
            yield [line, `write the path from the root of the repository: "${header}"`];
        else if (!(layers[layer] ? mayInclude(layer, target) : onSide(side, target)))
            yield [line, `${layer} may not include ${target}: move what is needed down, or pass it in`];
    }
}

function* knownLayers({path}) {
    const parts = path.split('/');
    if (!isCpp(path) || parts.length < 3 || parts[0] === 'tests') return;
    const folder = folderOf(path, 2);
    if (!layers[folder])
        yield [1, `${folder} is no layer of the house: choose one of ${Object.keys(layers).join(', ')}`];
}

function* purity(file) {
    if (!pureLayers.includes(folderOf(file.path, 2))) return;
    for (const {line, header, quoted} of includesOf(file))
        if (quoted ? impureOwn.has(header) : impureHeaders.test(header))
            yield [line, `<${header}> in a pure layer: take the value as an argument`];
}

function* beast(file) {
    if (folderOf(file.path, 1) === 'tests' || folderOf(file.path, 2) === 'server/net') return;
    for (const {line, header} of includesOf(file))
        if (header.startsWith('boost/beast')) yield [line, 'Beast belongs in server/net alone'];
}

// So that nothing reaches the log unescaped.
function* logLines(file) {
    if (folderOf(file.path, 1) === 'tests' || folderOf(file.path, 2) === 'server/log') return;
    for (const {line, header} of includesOf(file))
        if (header.startsWith('spdlog')) yield [line, 'spdlog belongs in server/log alone: write log::info(...)'];
}

// The code of TLS sees keys and plain text: one place to look for mistakes.
function* openssl(file) {
    if (folderOf(file.path, 1) === 'tests') return;
    if (/^server\/net\/(?:certificate|channel|separate_compilation)\.[ch]pp$/.test(file.path)) return;
    for (const {line, header} of includesOf(file))
        if (/^(?:openssl|boost\/asio\/ssl)(?:[/.]|$)/.test(header))
            yield [line, 'OpenSSL belongs in server/net/certificate and channel alone'];
}

// Durations are measured by a clock that nobody sets (server/base/time.hpp).
const dateReaders = new Set([
    'server/base/clock.cpp', 'server/net/certificate.cpp', 'server/process_figures.cpp',
    'wasm-client/bindings/page.cpp'
]);
function* clocks({path, text}) {
    if (!/^(?:server|shared|wasm-client)\//.test(path) || dateReaders.has(path) || !isCpp(path)) return;
    const pattern = /\b(?:system_clock|std::time\b|gettimeofday|CLOCK_REALTIME|Date\.now|emscripten_date_now)/g;
    yield* matches(codeOf(text), pattern,
                   (match) => `${match[0]} jumps when the date is set: measure durations by a steady clock`);
}

function* browserSocket(file) {
    if (folderOf(file.path, 2) === 'wasm-client/transport') return;
    for (const {line, header} of includesOf(file))
        if (header === 'emscripten/websocket.h')
            yield [line, 'the browser\'s socket belongs in wasm-client/transport alone'];
}

// SQLite 3.46 reads pragma_integrity_check(10) as the table "10", 3.40 as ten lines.
function* pragmaArguments({path, text}) {
    if (!isCpp(path)) return;
    const pattern = /\bFROM\s+pragma_\w+\(/gi;
    yield* matches(text, pattern, () => 'versions of SQLite differ in what this means: write PRAGMA name(argument)');
}

function* fileLength({path, text}) {
    const lines = text.split('\n').length - 1;
    if (isSource(path) && lines > fileLinesMax)
        yield [fileLinesMax, `${lines} lines, at most ${fileLinesMax}: split it by ideas`];
    if (path === 'server/main.cpp' && lines >= mainLinesMax)
        yield [mainLinesMax, `${lines} lines, fewer than ${mainLinesMax}: main only wires`];
}

function* functionLength({path, text}) {
    if (!isCpp(path) && !isScript(path)) return;
    for (const {line, lines} of functionsOf(text, isScript(path)))
        if (lines > functionLinesMax)
            yield [line, `a function of ${lines} lines, at most ${functionLinesMax}: name its parts`];
}

function* lineLength({path, text}) {
    if (!isCpp(path)) return;
    const excepted = rawStringLines(text);
    for (const [index, line] of text.split('\n').entries())
        if ([...line].length > columnsMax && !excepted.has(index + 1))
            yield [index + 1, `${[...line].length} columns, at most ${columnsMax}: clang-format leaves this to you`];
}

function* firstLine({path, text}) {
    const openings = [[/\.(?:[ch]pp|m?js)$/, /^(?:\/\/ |#!)/], [/\.css$/, /^\/\*/], [/\.html$/, /^<!doctype html>/i]];
    const expected = isBuildFile(path) ? /^#/ : openings.find(([name]) => name.test(path))?.[1];
    if (expected && !expected.test(text)) yield [1, 'begin with a comment that says what the file is for'];
}

function* names({path, text}) {
    const words = path.split(/[/_.\-]/);
    for (const word of badWords)
        if (words.includes(word)) yield [1, `"${word}" says nothing: name the file for its idea`];
    if (!isCpp(path) && !isScript(path)) return;
    const declared = new RegExp(`\\b(?:namespace|struct|class)\\s+(\\w*?_?(?:${badWords.join('|')})\\b)`, 'gi');
    const advice = (match) => `"${match[1]}" says nothing: name it for its idea`;
    yield* matches(codeOf(text, isScript(path)), declared, advice);
}

function* leftovers({path, text}) {
    if (isTidy(path) || !isSource(path)) return;
    yield* matches(text, /\b(?:TODO|FIXME|XXX|HACK)\b/g, (match) => `${match[0]}: do it, or open an issue`);
}

// Benchmarks set a pace; tests wait for what they wait for.
function* sleeps({path, text}) {
    if (!path.startsWith('tests/') || path.startsWith('tests/bench/') || isTidy(path) || !isSource(path)) return;
    const pattern = /\b(?:sleep_for|sleep_until|usleep|nanosleep|waitForTimeout|timers\/promises|time\.sleep)\b/g;
    yield* matches(text, pattern, (match) => `${match[0]}: wait for the event itself`);
}

// A wait without an end is a test that hangs and does not say for what. Benchmarks and fuzz targets are ended from
// outside.
function* waits({path, text}) {
    if (!/^tests\/(?:unit|integration|browser|CMakeLists\.txt|[a-z]+\/CMakeLists\.txt)/.test(path)) return;
    const fault = 'waits for ever';
    if (!path.endsWith('/within.hpp'))
        yield* matches(text, /\brun_one\(\)|get_future\(\)\.(?:get|wait)\(\)/g,
                       (match) => `${match[0]} ${fault}: take one of tests/unit/within.hpp`);
    if (!path.endsWith('/within.mjs'))
        yield* matches(text, /\bfrom 'node:events'/g, () => `once ${fault}: take that of tests/integration/within.mjs`);
    if (!text.includes('function(limited_test'))
        yield* matches(text, /\badd_test\(/g, () => `add_test ${fault}: take limited_test of tests/CMakeLists.txt`);
}

function* machinePaths({path, text}) {
    if (isTidy(path)) return;
    const pattern = /(?<![\w.}$)/~-])\/(?:work|home|root|Users|tmp)\/\w/g;
    yield* matches(text, pattern, () => 'a path of one machine: derive it, or take it as an argument');
}

function* topLevelNames({path}) {
    const name = folderOf(path, 1);
    if (!topLevel.has(name))
        yield [1, `"${name}" is not in the plan of the house: put it below ${[...topLevel].slice(-5).join(', ')}`];
}

export const rules = {
    layering, knownLayers, purity, beast, logLines, openssl, clocks, browserSocket, pragmaArguments,
    fileLength, functionLength, lineLength, firstLine, names, leftovers, sleeps, waits, machinePaths,
    topLevelNames
};

// All faults of one file: [{ rule, path, line, advice }].
export function faultsOf(file) {
    return Object.entries(rules).flatMap(
        ([rule, check]) => [...check(file)].map(([line, advice]) => ({rule, path: file.path, line, advice})));
}
