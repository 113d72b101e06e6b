// The verdicts of a build's judge (judge.cpp) on cases.
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const judge_ms_max = 300_000;  // for one batch

const set_letters = {
    request: 'r',
    notice: 'n',
    account_body: 'a',
    request_body: 'b',
    markup: 'm'
};

function case_bytes({set, type, frame}) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(frame.length);
    return Buffer.concat([Buffer.from(set_letters[set]), Buffer.from([type.length]), Buffer.from(type), length, frame]);
}

// One line of verdict for each case, its bytes as latin1 characters.
export function judged(build, cases, folder) {
    const native = join(build, 'tests/wasm/judge'), wasm = `${native}.js`;
    const input = join(folder, 'cases'), verdicts = join(folder, 'verdicts');
    writeFileSync(input, Buffer.concat(cases.map(case_bytes)));
    const program = existsSync(wasm) ? [process.execPath, wasm] : [native];
    const run =
        spawnSync(program[0], [...program.slice(1), input, verdicts],
                  {stdio: ['ignore', 'inherit', 'inherit'], timeout: judge_ms_max});
    if (run.status !== 0)
        throw new Error(`${program.join(' ')} failed: ${run.error ?? `status ${run.status ?? run.signal}`}`);
    const lines = readFileSync(verdicts, 'latin1').split('\n').slice(0, -1);
    if (lines.length !== cases.length) throw new Error(`${build}: ${lines.length} verdicts on ${cases.length} cases`);
    return lines;
}
