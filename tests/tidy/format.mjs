// What clang-format would write otherwise. Versions differ in taste: 14, Debian 12's, is the judge.
import {spawnSync} from 'node:child_process';

export const judge = 14;

// The name of a tool of that version; none where there is no such tool.
export function tool_of(name) {
    return [`${name}-${judge}`, name].find((one) => {
        const {stdout} = spawnSync(one, ['--version'], {encoding: 'utf8'});
        return stdout?.includes(` version ${judge}.`);
    });
}

// [{rule, path, line, advice}]; none, and a line that says so, where the judge is not installed.
export function format_faults(root, paths) {
    const cpp = paths.filter((path) => /\.[ch]pp$/.test(path));
    const tool = tool_of('clang-format');
    if (!tool) console.log(`tidy: the layout is left out: clang-format ${judge} is not here`);
    if (!tool || cpp.length === 0) return [];
    const {stderr} = spawnSync(tool, ['--dry-run', ...cpp], {cwd: root, encoding: 'utf8', maxBuffer: 64 << 20});
    const found = stderr.matchAll(/^(.+?):(\d+):\d+: (?:warning|error): .*clang-format/gm);
    const advice = 'make format lays it out';
    return [...found].map(([, path, line]) => ({rule: 'layout', path, line: Number(line), advice}));
}
