// The rules of the house that a program can check. A rule looks at one file and yields faults: [line, what to do].
import {code_of, functions_of, raw_string_lines} from './source_text.mjs';

const file_lines_max = 400;
const function_lines_max = 70;
const main_lines_max = 60;
const columns_max = 100;

// What each layer may include besides itself, shared/protocol and shared/ensure.hpp; what it includes there, it may include too.
const layers = {
    'shared/protocol': [],
    'shared/unicode': [],
    'server/base': [],
    'server/chat': ['server/base'],
    'server/log': [],
    'server/storage': ['server/chat', 'server/log'],
    'server/bus': ['server/chat'],
    'server/auth': ['server/chat'],
    'server/shard': ['server/chat'],
    'server/config': ['server/chat'],
    'server/http': ['server/auth', 'server/config'],
    'server/net': ['server/shard', 'server/http', 'server/config', 'server/log'],
    'wasm-client/state': ['shared/unicode'],
    'wasm-client/view': ['wasm-client/state'],
    'wasm-client/transport': [],
    'wasm-client/bindings': [],
};

const pure_layers = ['shared/protocol', 'shared/unicode', 'server/chat', 'wasm-client/state', 'wasm-client/view'];
const impure_headers = new RegExp(
    '^(?:chrono|ctime|time\\.h|thread|mutex|shared_mutex|condition_variable|future|' +
    'fstream|filesystem|iostream|cstdio|stdio\\.h|random|unistd\\.h|sys/.*|boost/.*|asio.*|emscripten.*|sqlite3\\.h|' +
    'sodium.*|spdlog/.*)$');

const top_level = new Set([
    '.ci', '.clang-format', '.clang-tidy', '.gitignore', 'CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'Makefile',
    'README.md', 'server', 'shared', 'static', 'tests', 'wasm-client'
]);

const bad_words = ['util', 'utils', 'common', 'helper', 'helpers', 'manager', 'managers'];

const is_cpp = (path) => /\.[ch]pp$/.test(path);
const is_script = (path) => /\.m?js$/.test(path);
const is_build_file = (path) => /(?:^|\/)(?:CMakeLists\.txt|Makefile)$|\.cmake$|\.sh$|^\.ci\//.test(path);
const is_source = (path) => is_cpp(path) || is_script(path) || is_build_file(path) || /\.(?:css|html|S)$/.test(path);
const is_tidy = (path) => path.startsWith('tests/tidy/');  // whose snippets break the rules
const folder_of = (path, depth) => path.split('/').slice(0, depth).join('/');

const line_at = (text, index) => text.slice(0, index).split('\n').length;

function* matches(text, pattern, advice) {
    for (const match of text.matchAll(pattern)) yield [line_at(text, match.index), advice(match)];
}

// [line, header, quoted] of each #include.
function includes_of({path, text}) {
    if (!is_cpp(path)) return [];
    return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)].map(
        (match) => ({line: line_at(text, match.index), header: match[2], quoted: match[1] === '"'}));
}

const is_for_all = (target) => target === 'shared/protocol' || target === 'shared/ensure.hpp';

function may_include(layer, target) {
    return layer === target || is_for_all(target) ||
        layers[layer].some((below) => may_include(below, target));
}

const on_side = (side, target) => is_for_all(target) || folder_of(target, 1) === side;

function* layering(file) {
    const side = folder_of(file.path, 1), layer = folder_of(file.path, 2);
    if (side === 'tests') return;
    for (const {line, header, quoted} of includes_of(file)) {
        const target = folder_of(header, 2);
        if (!quoted) continue;
        if (!/^(?:shared|server|wasm-client)\//.test(header))
            yield [line, `write the path from the root of the repository: "${header}"`];
        else if (!(layers[layer] ? may_include(layer, target) : on_side(side, target)))
            yield [line, `${layer} may not include ${target}: move what is needed down, or pass it in`];
    }
}

function* known_layers({path}) {
    const parts = path.split('/');
    if (!is_cpp(path) || parts.length < 3 || parts[0] === 'tests') return;
    const folder = folder_of(path, 2);
    if (!layers[folder])
        yield [1, `${folder} is no layer of the house: choose one of ${Object.keys(layers).join(', ')}`];
}

function* purity(file) {
    if (!pure_layers.includes(folder_of(file.path, 2))) return;
    for (const {line, header, quoted} of includes_of(file))
        if (quoted ? header === 'server/base/clock.hpp' : impure_headers.test(header))
            yield [line, `<${header}> in a pure layer: take the value as an argument`];
}

function* beast(file) {
    if (folder_of(file.path, 1) === 'tests' || folder_of(file.path, 2) === 'server/net') return;
    for (const {line, header} of includes_of(file))
        if (header.startsWith('boost/beast')) yield [line, 'Beast belongs in server/net alone'];
}

// So that nothing reaches the log unescaped.
function* log_lines(file) {
    if (folder_of(file.path, 1) === 'tests' || folder_of(file.path, 2) === 'server/log') return;
    for (const {line, header} of includes_of(file))
        if (header.startsWith('spdlog')) yield [line, 'spdlog belongs in server/log alone: write log::info(...)'];
}

// The code of TLS sees keys and plain text: one place to look for mistakes.
function* openssl(file) {
    if (folder_of(file.path, 1) === 'tests') return;
    if (/^server\/net\/(?:certificate|channel|separate_compilation)\.[ch]pp$/.test(file.path)) return;
    for (const {line, header} of includes_of(file))
        if (/^(?:openssl|boost\/asio\/ssl)(?:[/.]|$)/.test(header))
            yield [line, 'OpenSSL belongs in server/net/certificate and channel alone'];
}

// Durations are measured by a clock that nobody sets (server/base/time.hpp).
const date_readers = new Set([
    'server/base/clock.cpp', 'server/net/certificate.cpp', 'server/process_figures.cpp',
    'wasm-client/bindings/page.cpp'
]);
function* clocks({path, text}) {
    if (!/^(?:server|shared|wasm-client)\//.test(path) || date_readers.has(path) || !is_cpp(path)) return;
    const pattern = /\b(?:system_clock|std::time\b|gettimeofday|CLOCK_REALTIME|Date\.now|emscripten_date_now)/g;
    yield* matches(code_of(text), pattern,
                   (match) => `${match[0]} jumps when the date is set: measure durations by a steady clock`);
}

function* browser_socket(file) {
    if (folder_of(file.path, 2) === 'wasm-client/transport') return;
    for (const {line, header} of includes_of(file))
        if (header === 'emscripten/websocket.h')
            yield [line, 'the browser\'s socket belongs in wasm-client/transport alone'];
}

// SQLite 3.46 reads pragma_integrity_check(10) as the table "10", 3.40 as ten lines.
function* pragma_arguments({path, text}) {
    if (!is_cpp(path)) return;
    const pattern = /\bFROM\s+pragma_\w+\(/gi;
    yield* matches(text, pattern, () => 'versions of SQLite differ in what this means: write PRAGMA name(argument)');
}

function* file_length({path, text}) {
    const lines = text.split('\n').length - 1;
    if (is_source(path) && lines > file_lines_max)
        yield [file_lines_max, `${lines} lines, at most ${file_lines_max}: split it by ideas`];
    if (path === 'server/main.cpp' && lines >= main_lines_max)
        yield [main_lines_max, `${lines} lines, fewer than ${main_lines_max}: main only wires`];
}

function* function_length({path, text}) {
    if (!is_cpp(path) && !is_script(path)) return;
    for (const {line, lines} of functions_of(text, is_script(path)))
        if (lines > function_lines_max)
            yield [line, `a function of ${lines} lines, at most ${function_lines_max}: name its parts`];
}

function* line_length({path, text}) {
    if (!is_cpp(path)) return;
    const excepted = raw_string_lines(text);
    for (const [index, line] of text.split('\n').entries())
        if ([...line].length > columns_max && !excepted.has(index + 1))
            yield [index + 1, `${[...line].length} columns, at most ${columns_max}: clang-format leaves this to you`];
}

function* first_line({path, text}) {
    const openings = [[/\.(?:[ch]pp|m?js)$/, /^(?:\/\/ |#!)/], [/\.css$/, /^\/\*/], [/\.html$/, /^<!doctype html>/i]];
    const expected = is_build_file(path) ? /^#/ : openings.find(([name]) => name.test(path))?.[1];
    if (expected && !expected.test(text)) yield [1, 'begin with a comment that says what the file is for'];
}

function* names({path, text}) {
    const words = path.split(/[/_.\-]/);
    for (const word of bad_words)
        if (words.includes(word)) yield [1, `"${word}" says nothing: name the file for its idea`];
    if (!is_cpp(path) && !is_script(path)) return;
    const declared = new RegExp(`\\b(?:namespace|struct|class)\\s+(\\w*?_?(?:${bad_words.join('|')})\\b)`, 'gi');
    const advice = (match) => `"${match[1]}" says nothing: name it for its idea`;
    yield* matches(code_of(text, is_script(path)), declared, advice);
}

function* leftovers({path, text}) {
    if (is_tidy(path) || !is_source(path)) return;
    yield* matches(text, /\b(?:TODO|FIXME|XXX|HACK)\b/g, (match) => `${match[0]}: do it, or open an issue`);
}

// Benchmarks set a pace; tests wait for what they wait for.
function* sleeps({path, text}) {
    if (!path.startsWith('tests/') || path.startsWith('tests/bench/') || is_tidy(path) || !is_source(path)) return;
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

function* machine_paths({path, text}) {
    if (is_tidy(path)) return;
    const pattern = /(?<![\w.}$)/~-])\/(?:work|home|root|Users|tmp)\/\w/g;
    yield* matches(text, pattern, () => 'a path of one machine: derive it, or take it as an argument');
}

function* top_level_names({path}) {
    const name = folder_of(path, 1);
    if (!top_level.has(name))
        yield [1, `"${name}" is not in the plan of the house: put it below ${[...top_level].slice(-5).join(', ')}`];
}

export const rules = {
    layering, known_layers, purity, beast, log_lines, openssl, clocks, browser_socket, pragma_arguments,
    file_length, function_length, line_length, first_line, names, leftovers, sleeps, waits, machine_paths,
    top_level_names
};

// All faults of one file: [{ rule, path, line, advice }].
export function faults_of(file) {
    return Object.entries(rules).flatMap(
        ([rule, check]) => [...check(file)].map(([line, advice]) => ({rule, path: file.path, line, advice})));
}
