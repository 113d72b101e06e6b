// The house rules as a failing test: node tests/tidy/tidy.mjs [root]. Prints file:line and what to do.
import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

import {formatFaults} from './format.mjs';
import {pageContractFaults} from './page_contract.mjs';
import {ringFaults} from './rings.mjs';
import {faultsOf} from './rules.mjs';

const notOurs = new Set(['.git', '.cache', 'build', 'node_modules', 'parley-data']);  // as in .gitignore
const textFile =
    /\.(?:[ch]pp|m?js|css|html|json|md|txt|cmake|sh|S|svg|yml|yaml)$|(?:^|\/)(?:Makefile|LICENSE|\.[\w-]+)$|^\.ci\//;
const generated = /(?:^|\/)(?:package-lock\.json|protocol\.json)$/;

function* filesBelow(folder) {
    for (const entry of readdirSync(folder, {withFileTypes: true})) {
        if (notOurs.has(entry.name)) continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory())
            yield* filesBelow(path);
        else
            yield path;
    }
}

function fileAt(root, path) {
    const name = relative(root, path).replaceAll('\\', '/');
    return {path: name, text: textFile.test(name) && !generated.test(name) ? readFileSync(path, 'utf8') : ''};
}

const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const files = [...filesBelow(root)].map((path) => fileAt(root, path));
const faults = [
    ...files.flatMap(faultsOf), ...ringFaults(files), ...pageContractFaults(files),
    ...formatFaults(root, files.map(({path}) => path))
];
for (const {path, line, rule, advice} of faults) console.error(`${path}:${line}: ${advice} [${rule}]`);
console.log(`tidy: ${files.length} files, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
