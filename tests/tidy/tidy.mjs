// The house rules as a failing test: node tests/tidy/tidy.mjs [root]. Prints file:line and what to do.
import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

import {format_faults} from './format.mjs';
import {page_contract_faults} from './page_contract.mjs';
import {ring_faults} from './rings.mjs';
import {faults_of} from './rules.mjs';

const not_ours = new Set(['.git', '.cache', 'build', 'node_modules', 'parley-data']);  // as in .gitignore
const text_file =
    /\.(?:[ch]pp|m?js|css|html|json|md|txt|cmake|sh|S|svg|yml|yaml)$|(?:^|\/)(?:Makefile|LICENSE|\.[\w-]+)$|^\.ci\//;
const generated = /(?:^|\/)(?:package-lock\.json|protocol\.json)$/;

function* files_below(folder) {
    for (const entry of readdirSync(folder, {withFileTypes: true})) {
        if (not_ours.has(entry.name)) continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory())
            yield* files_below(path);
        else
            yield path;
    }
}

function file_at(root, path) {
    const name = relative(root, path).replaceAll('\\', '/');
    return {path: name, text: text_file.test(name) && !generated.test(name) ? readFileSync(path, 'utf8') : ''};
}

const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const files = [...files_below(root)].map((path) => file_at(root, path));
const faults = [
    ...files.flatMap(faults_of), ...ring_faults(files), ...page_contract_faults(files),
    ...format_faults(root, files.map(({path}) => path))
];
for (const {path, line, rule, advice} of faults) console.error(`${path}:${line}: ${advice} [${rule}]`);
console.log(`tidy: ${files.length} files, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
