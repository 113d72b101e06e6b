// What clang-format would write otherwise. Versions differ in taste: 14, Debian 12's, is the judge.
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';

export const judge = 14;

// The name of a tool of that version; none where there is no such tool.
export function toolOf(name) {
    return [`${name}-${judge}`, name].find((one) => {
        const {stdout} = spawnSync(one, ['--version'], {encoding: 'utf8'});
        return stdout?.includes(` version ${judge}.`);
    });
}

// Whether a missing tool is a fault: in CI, where Debian has it.
export function isRequired(environment = process.env, release = '/etc/os-release') {
    const debian12 = /^VERSION_ID="?12"?$/m;
    return environment.STRICT === 'yes' && existsSync(release) && debian12.test(readFileSync(release, 'utf8'));
}

const failure = (advice) => [{rule: 'layout', path: '.clang-format', line: 1, advice}];

// [{rule, path, line, advice}]; none, and a line that says so, where the judge is neither installed nor required.
export function formatFaults(root, paths) {
    const cpp = paths.filter((path) => /\.[ch]pp$/.test(path));
    const tool = toolOf('clang-format');
    if (!tool && isRequired()) return failure(`clang-format ${judge} is not here: make tidy installs it`);
    if (!tool) console.log(`tidy: the layout is left out: clang-format ${judge} is not here`);
    if (!tool || cpp.length === 0) return [];
    const {status, stderr, error} = spawnSync(tool, ['--dry-run', ...cpp], {cwd: root, encoding: 'utf8', maxBuffer: 64 << 20});
    if (status !== 0) return failure(`clang-format failed: ${error?.message ?? stderr.split('\n')[0]}`);
    const found = stderr.matchAll(/^(.+?):(\d+):\d+: (?:warning|error): .*clang-format/gm);
    const advice = 'make format lays it out';
    return [...found].map(([, path, line]) => ({rule: 'layout', path, line: Number(line), advice}));
}
