// Each rule can fail, and lets pass what is right: node --test tests/tidy/tidy.test.mjs
import assert from 'node:assert';
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

import {formatFaults, isRequired, toolOf} from './format.mjs';
import {pageContractFaults} from './page_contract.mjs';
import {ringFaults} from './rings.mjs';
import {faultsOf, rules} from './rules.mjs';
import {codeOf, functionsOf} from './source_text.mjs';

const cpp = (code) => `// A file.\n${code}\n`;
const lines = (count, line = 'f();') => Array(count).fill(line).join('\n');
const include = (header) => cpp(`#include ${header}`);

// rule: [path, text] that breaks it once, on its last line but for the lengths; then what it lets pass.
const snippets = {
    layering: {
        bad: [
            ['server/chat/room.cpp', include('"server/storage/sqlite_ledger.hpp"')],
            ['server/http/api.cpp', include('"server/net/connection_set.hpp"')],
            ['server/storage/a.cpp', include('"server/net/outbox.hpp"')],
            ['server/config/a.cpp', include('"server/net/listener.hpp"')],
            ['server/shard/a.cpp', include('"server/net/outbox.hpp"')],
            ['server/main.cpp', include('"wasm-client/state/model.hpp"')],
            ['server/chat/room.cpp', include('"room.hpp"')],
            ['shared/protocol/a.hpp', include('"server/chat/room.hpp"')],
            ['wasm-client/state/a.cpp', include('"wasm-client/view/rows.hpp"')],
            ['wasm-client/view/a.cpp', include('"wasm-client/transport/socket.hpp"')],
            ['wasm-client/bindings/a.cpp', include('"wasm-client/client.hpp"')],
            ['wasm-client/main.cpp', include('"server/chat/room.hpp"')],
            ['server/net/a.cpp', include('"tests/unit/catch.hpp"')],
        ],
        good: [
            ['server/net/a.cpp', include('"server/chat/conversation.hpp"')],
            ['server/storage/a.cpp', include('"server/chat/ledger.hpp"')],
            ['server/chat/a.cpp', include('"shared/protocol/codec.hpp"')],
            ['server/main.cpp', include('"server/net/listener.hpp"')],
            ['server/chat/a.cpp', include('"shared/ensure.hpp"')],
            ['server/net/a.cpp', include('"server/config/config.hpp"')],
            ['wasm-client/view/a.cpp', include('"wasm-client/state/model.hpp"')],
            ['tests/unit/server/chat/a_test.cpp', include('"server/net/outbox.hpp"')],
        ],
    },
    knownLayers:
        {bad: [['server/stuff/a.cpp', cpp('')]], good: [['server/server.cpp', cpp('')], ['server/bus/a.hpp', cpp('')]]},
    purity: {
        bad: ['chrono', 'thread', 'fstream', 'random', 'boost/asio.hpp', 'emscripten.h', 'mutex']
                 .map((header) => ['server/chat/a.cpp', include(`<${header}>`)])
                 .concat([
                     ['wasm-client/state/a.hpp', include('<chrono>')], ['wasm-client/view/a.hpp', include('<iostream>')],
                     ['server/chat/a.cpp', include('"server/base/clock.hpp"')]
                 ]),
        good: [['server/chat/a.cpp', include('<string>')], ['server/shard/a.cpp', include('<thread>')],
            ['server/chat/a.cpp', include('"server/base/time.hpp"')]],
    },
    clocks: {
        bad: [
            ['server/chat/a.cpp', '// .\nauto now = std::chrono::system_clock::now();\n'],
            ['server/shard/a.cpp', '// .\nauto now = std::time(nullptr);\n'],
            ['wasm-client/main.cpp', '// .\nEM_JS(double, js_now, (), { return Date.now(); });\n']
        ],
        good: [
            ['server/base/clock.cpp', '// .\nauto now = std::chrono::system_clock::now();\n'],
            ['server/chat/a.cpp', '// Not system_clock.\nauto now = std::chrono::steady_clock::now();\n'],
            ['tests/unit/a.cpp', '// .\nauto now = std::time(nullptr);\n']
        ],
    },
    openssl: {
        bad: [
            ['server/net/outbox.cpp', include('<openssl/ssl.h>')],
            ['server/net/connection_set.hpp', include('<boost/asio/ssl.hpp>')],
            ['server/auth/a.cpp', include('<boost/asio/ssl/context.hpp>')]
        ],
        good: [
            ['server/net/channel.cpp', include('<openssl/ssl.h>')],
            ['server/net/certificate.cpp', include('<boost/asio/ssl/context.hpp>')],
            ['tests/unit/server/net/a.cpp', include('<openssl/x509.h>')]
        ],
    },
    beast: {
        bad: [
            ['server/http/a.cpp', include('<boost/beast/http.hpp>')],
            ['server/server.cpp', include('<boost/beast.hpp>')]
        ],
        good: [['server/net/a.cpp', include('<boost/beast.hpp>')], ['server/shard/a.cpp', include('<boost/asio.hpp>')]],
    },
    logLines: {
        bad: [['server/net/a.cpp', include('<spdlog/spdlog.h>')], ['server/main.cpp', include('<spdlog/async.h>')]],
        good: [['server/log/a.cpp', include('<spdlog/spdlog.h>')]],
    },
    browserSocket: {
        bad: [['wasm-client/main.cpp', include('<emscripten/websocket.h>')]],
        good: [['wasm-client/transport/socket.cpp', include('<emscripten/websocket.h>')]],
    },
    pragmaArguments: {
        bad: [['server/storage/a.cpp', cpp('f("SELECT * FROM pragma_integrity_check(10)");')]],
        good: [
            ['server/storage/a.cpp', cpp('f("PRAGMA integrity_check(10)");')],
            ['server/storage/a.cpp', cpp('f("SELECT parent FROM pragma_foreign_key_check");')]
        ],
    },
    fileLength: {
        bad: [
            ['server/bus/a.cpp', cpp(lines(400))], ['server/main.cpp', cpp(lines(59))],
            ['static/app.js', cpp(lines(400))]
        ],
        good: [['server/bus/a.cpp', cpp(lines(399))], ['server/main.cpp', cpp(lines(58))]],
    },
    functionLength: {
        bad: [
            ['server/bus/a.cpp', cpp(`void f() {\n${lines(69)}\n}`)],
            [
                'server/bus/a.cpp',
                cpp(`namespace a {\nstruct b : c {\n  b(int x) : c(x), d_{1} {\n${lines(69)}\n}\n};\n}`)
            ],
            [
                'server/bus/a.cpp',
                cpp(`template <class T>\nauto f(T t = {}) const noexcept -> int {\n${lines(69, 'if (a) { b(); }')}\n}`)
            ],
            ['static/app.js', cpp(`const f = async (a) => {\n${lines(69)}\n};`)],
            ['static/app.js', cpp(`class a {\n  m(b) {\n${lines(69)}\n}\n}`)],
        ],
        good: [
            ['server/bus/a.cpp', cpp(`void f() {\n${lines(68)}\n}`)],
            ['server/bus/a.cpp', cpp(`constexpr std::array table{{\n${lines(100, '{1},')}\n}};`)],
            ['server/bus/a.cpp', cpp(`const std::vector<int> table = {\n${lines(100, 'g({1}),')}\n};`)],
            ['server/bus/a.cpp', cpp(`namespace a {\n${lines(100, 'void f();')}\n}`)],
            ['static/app.js', cpp(`const table = {\n${lines(100, 'a: 1,')}\n};`)],
        ],
    },
    lineLength: {
        bad: [
            ['server/bus/a.cpp', `// A file.\n// ${'x'.repeat(98)}`],
            ['server/bus/a.cpp', `// A file.\nf(R"(a\nb)");\ng("${'x'.repeat(98)}");`],
        ],
        good: [
            ['server/bus/a.cpp', `// A file.\n// ${'x'.repeat(97)}`],
            ['server/bus/a.cpp', `// A file.\n// ${'\u{1f642}'.repeat(97)}`],
            ['server/bus/a.cpp', `// A file.\nf(R"x(${'x'.repeat(100)}\n${'x'.repeat(101)})x");`],
            ['static/app.js', `// ${'x'.repeat(110)}`],
        ],
    },
    firstLine: {
        bad: [
            ['server/bus/a.cpp', '#pragma once\n'], ['static/style.css', 'body {}\n'],
            ['tests/CMakeLists.txt', 'add_test()\n'], ['a.mjs', 'f();\n']
        ],
        good: [
            ['server/bus/a.cpp', cpp('')], ['static/style.css', '/* The look. */\n'], ['Makefile', '# Targets.\n'],
            ['LICENSE', 'x']
        ],
    },
    names: {
        bad: [
            ['server/bus/string_utils.hpp', cpp('')], ['server/common/a.md', ''],
            ['server/bus/a.hpp', cpp('class session_manager {};')], ['server/bus/a.hpp', cpp('namespace helper {}')]
        ],
        good: [
            ['server/bus/a.hpp', cpp('struct managed_room {};  // no class manager')],
            ['server/bus/uncommon_words.hpp', cpp('')]
        ],
    },
    leftovers: {
        bad: [['server/bus/a.cpp', cpp('// TODO: later')], ['static/style.css', '/* x */\n/* FIXME */']],
        good: [['server/bus/a.cpp', cpp('int todo;')]]
    },
    sleeps: {
        bad: [
            ['tests/unit/a_test.cpp', cpp('std::this_thread::sleep_for(1s);')],
            ['tests/browser/a.mjs', cpp('await page.waitForTimeout(5);')]
        ],
        good: [
            ['tests/bench/load.cpp', cpp('std::this_thread::sleep_for(1s);')],
            ['server/shard/a.cpp', cpp('sleep_for(1s);')]
        ],
    },
    waits: {
        bad: [
            ['tests/unit/a_test.cpp', cpp('loop.run_one();')],
            ['tests/unit/a_test.cpp', cpp('done.get_future().wait();')],
            ['tests/browser/a.mjs', "// A file.\nimport { once } from 'node:events';\n"],
            ['tests/vectors/CMakeLists.txt', '# A file.\nadd_test(NAME a COMMAND a)\n'],
        ],
        good: [
            ['tests/fuzz/ledger.cpp', cpp('answer.get_future().get();')],
            ['tests/bench/a.mjs', "// A file.\nimport { once } from 'node:events';\n"],
            ['server/shard/a.cpp', cpp('loop.run_one();')],
        ],
    },
    machinePaths: {
        bad: [
            ['README.md', 'see /home/ann/parley'], ['Makefile', '# x\nx:\n\tcp /work/a b'],
            ['tests/a.mjs', cpp('f(\'/tmp/x\');')]
        ],
        good:
            [['README.md', 'https://example.org/work/a and ./tmp/x and /usr/include'], ['a.md', 'wasm-client/home/x']],
    },
    topLevelNames:
        {bad: [['src/a.cpp', cpp('')], ['notes.md', '']], good: [['README.md', ''], ['.ci/run', '#!/bin/sh\n']]},
};

for (const rule of Object.keys(rules)) {
    test(`${rule} can fail, and passes what is right`, () => {
        const broken = (path, text) => faultsOf({path, text}).filter((fault) => fault.rule === rule);
        for (const [path, text] of snippets[rule].bad) {
            const faults = broken(path, text);
            assert.strictEqual(faults.length, 1, `${path}:\n${text}`);
            assert.ok(faults[0].line >= 1 && faults[0].line <= text.split('\n').length && faults[0].advice);
        }
        for (const [path, text] of snippets[rule].good)
            assert.deepStrictEqual(broken(path, text), [], `${path}:\n${text}`);
    });
}

test('the line of a fault is its line', () => {
    const text = '// A file.\n\n#include <boost/beast.hpp>\n';
    assert.deepStrictEqual(faultsOf({path: 'server/bus/a.cpp', text}).map(({line}) => line), [3]);
});

test('the page and the program use the same words and numbers', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const paths = [
        'wasm-client/view/patches.hpp', 'wasm-client/view/timeline.hpp', 'wasm-client/view/person.hpp',
        'shared/protocol/limits.hpp', 'static/topics.js', 'static/timeline.js', 'static/markup.js', 'static/index.html',
        'static/style.css'
    ];
    const faults = (changed, from, to) => pageContractFaults(paths.map((path) => {
        const text = readFileSync(join(root, path), 'utf8');
        assert.ok(path !== changed || text.includes(from), from);
        return {path, text: path === changed ? text.replace(from, to) : text};
    })).map(({path, advice}) => `${path}: ${advice}`);
    const table = paths[0];
    assert.deepStrictEqual(faults(), []);
    assert.deepStrictEqual(pageContractFaults([{path: 'static/topics.js', text: ''}]), []);
    assert.deepStrictEqual(faults('static/topics.js', 'newRoom({', 'new_room({'),
        [`${table}: no script reads the patch "newRoom"`, `static/topics.js: ${table} has no patch "new_room"`]);
    assert.deepStrictEqual(faults('static/timeline.js', 'row.first', 'row.begins'),
        [`${table}: no script reads the field "first"`, `static/timeline.js: ${table} has no field "begins"`]);
    assert.deepStrictEqual(faults('static/topics.js', '{ busy, problem, existing }', '{ busy, problem }'),
        [`${table}: no script reads the field "existing"`]);
    assert.deepStrictEqual(faults('static/timeline.js', '    note(element', '    remark(element'),
        [`${table}: no script reads the kind of row "note"`, `static/timeline.js: ${table} has no kind of row "remark"`]);
    assert.deepStrictEqual(faults('static/markup.js', '    quote: block', '    citation: block'),
        [`${table}: no script reads the kind of piece "quote"`, `static/markup.js: ${table} has no kind of piece "citation"`]);
    assert.deepStrictEqual(faults('static/index.html', 'maxlength="128"', 'maxlength="64"'),
        ['static/index.html: title_bytes_max of shared/protocol/limits.hpp is 128, not 64']);
    assert.deepStrictEqual(faults('wasm-client/view/person.hpp', 'hues = 8', 'hues = 9'),
        ['static/style.css: hues of wasm-client/view/person.hpp is 9, not 8']);
});

test('comments and literals are not code', () => {
    const blank = (text, isScript) => codeOf(text, isScript).replace(/ +/g, ' ').trim();
    assert.strictEqual(blank('a(); // {', false), 'a();');
    assert.strictEqual(blank('f(\'{\', "\\"{", 1\'000\'000, /* { */ g)', false), 'f( , , 1\'000\'000, g)');
    assert.strictEqual(blank('f(R"x({ )" )x");', false), 'f( );');
    assert.strictEqual(blank('f(`{ ${a({b: "}"})} `, /[/{]{2}/g, a / b / c);', true), 'f( , g, a / b / c);');
});

test('functions are found where they are', () => {
    const found = (text, isScript = false) => functionsOf(text, isScript).map(({line, lines: n}) => [line, n]);
    assert.deepStrictEqual(
        found('int f() {\n  if (a) {\n  }\n}\nint g();\nstruct s {\n  int h() const {\n  }\n};'), [[1, 4], [7, 2]]);
    assert.deepStrictEqual(found('bool operator==(a x, a y) {\n}\nconst auto f = [](int x) {\n};'), [[1, 2], [3, 2]]);
    assert.deepStrictEqual(found('function f(a) {\n  g(() => {\n  });\n}', true), [[2, 2], [1, 4]]);
});

// A repository of these files.
function scratch(t, files) {
    const root = mkdtempSync(join(tmpdir(), 'parley-tidy-'));
    t.after(() => rmSync(root, {recursive: true}));
    for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(root, path, '..'), {recursive: true});
        writeFileSync(join(root, path), text);
    }
    return root;
}

// Files of server/net that include these modules: {file: [module, ...]}.
const including = (files) => Object.entries(files).map(([name, modules]) => {
    const includes = modules.map((module) => `#include "server/net/${module}.hpp"`).join('\n');
    return {path: `server/net/${name}`, text: cpp(includes)};
});
const ringsOf = (files, known = []) => ringFaults(including(files), known).map(({path, line}) => [path, line]);

test('modules that include each other in a ring are a fault, once for each ring', () => {
    assert.deepStrictEqual(ringsOf({'a.hpp': ['b'], 'b.hpp': ['a']}), [['server/net/a.hpp', 2]]);
    const three = {'a.hpp': ['x', 'b'], 'b.hpp': ['c'], 'c.hpp': ['a'], 'x.hpp': []};
    assert.deepStrictEqual(ringsOf(three), [['server/net/a.hpp', 3]]);
    const two = {...three, 'y.hpp': ['z', 'a'], 'z.hpp': ['y']};
    assert.deepStrictEqual(ringsOf(two), [['server/net/a.hpp', 3], ['server/net/y.hpp', 2]]);
});

test('a header and its source are one module: a ring may go through the source', () => {
    assert.deepStrictEqual(ringsOf({'a.hpp': [], 'a.cpp': ['a', 'b'], 'b.hpp': ['a']}), [['server/net/a.cpp', 3]]);
});

test('modules that form a ladder are no fault, nor is a ring that is known', () => {
    assert.deepStrictEqual(ringsOf({'a.hpp': ['b', 'c'], 'a.cpp': ['a'], 'b.hpp': ['c'], 'c.hpp': []}), []);
    const known = [['server/net/a', 'server/net/b', 'server/net/gone']];
    assert.deepStrictEqual(ringsOf({'a.hpp': ['b'], 'b.hpp': ['a']}, known), []);
    const grown = {'a.hpp': ['b'], 'b.hpp': ['c'], 'c.hpp': ['a']};
    assert.deepStrictEqual(ringsOf(grown, known), [['server/net/a.hpp', 2]]);
});

test('what clang-format lays out otherwise is a fault', {skip: !toolOf('clang-format')}, (t) => {
    const root = scratch(t, {
        '.clang-format': 'BasedOnStyle: Google\n',
        'a.cpp': 'int a;\nint  b;\n',
        'b.cpp': 'int a;\n',
        'c.mjs': 'let  a;\n'
    });
    const faults = formatFaults(root, ['a.cpp', 'b.cpp', 'c.mjs']);
    assert.deepStrictEqual(faults.map(({rule, path, line}) => [rule, path, line]), [['layout', 'a.cpp', 2]]);
});

test('a clang-format that fails is a fault', {skip: !toolOf('clang-format')}, (t) => {
    const root = scratch(t, {'.clang-format': 'BasedOnStyle: Nobody\n', 'a.cpp': 'int a;\n'});
    const faults = formatFaults(root, ['a.cpp']);
    assert.deepStrictEqual(faults.map(({rule, path}) => [rule, path]), [['layout', '.clang-format']]);
});

test('a missing tool is a fault in CI on Debian 12, and nowhere else', (t) => {
    const root = scratch(t, {twelve: 'ID=debian\nVERSION_ID="12"\n', thirteen: 'ID=debian\nVERSION_ID="13"\n'});
    assert.ok(isRequired({STRICT: 'yes'}, join(root, 'twelve')));
    assert.ok(!isRequired({STRICT: 'yes'}, join(root, 'thirteen')));
    assert.ok(!isRequired({STRICT: 'yes'}, join(root, 'none')));
    assert.ok(!isRequired({}, join(root, 'twelve')));
});

test('what clang-tidy finds is a fault, and what was clean is looked at again when it changed',
     {skip: !toolOf('clang-tidy')}, (t) => {
         const command = 'c++ -I. -c server/a.cpp';
         const root = scratch(t, {
             '.clang-tidy': 'Checks: "-*,modernize-use-nullptr"\n',
             'server/a.cpp': '#include "server/a.hpp"\nint* a() { return b; }\n',
             'server/a.hpp': 'int* const b = 0;\n',
         });
         mkdirSync(join(root, 'build/release'), {recursive: true});
         writeFileSync(join(root, 'build/release/compile_commands.json'),
             JSON.stringify([{directory: root, command, file: join(root, 'server/a.cpp')}]));
         writeFileSync(join(root, '.clang-tidy'), 'Checks: "-*,modernize-use-nullptr"\nHeaderFilterRegex: ".*"\n');
         const look = () => {
             const script = fileURLToPath(new URL('clang_tidy.mjs', import.meta.url));
             const {status, stdout} = spawnSync(process.execPath, [script, root], {encoding: 'utf8'});
             return [status, stdout.trim()];
         };
         assert.deepStrictEqual(look(), [1, 'clang-tidy: 1 files, 1 looked at, 1 with faults']);
         writeFileSync(join(root, 'server/a.hpp'), 'int* const b = nullptr;\n');
         assert.deepStrictEqual(look(), [0, 'clang-tidy: 1 files, 1 looked at, 0 with faults']);
         assert.deepStrictEqual(look(), [0, 'clang-tidy: 1 files, 0 looked at, 0 with faults']);
         writeFileSync(join(root, 'server/a.hpp'), 'int* const b = 0;\n');
         assert.deepStrictEqual(look(), [1, 'clang-tidy: 1 files, 1 looked at, 1 with faults']);
     });
