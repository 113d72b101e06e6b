// Puts known faults into a copy of the sources, one at a time, and lets the simulation find each: SEEDS=100000 schedules at
// most. Prints which seed found it, as a row of tests/EVIDENCE.md; exits 1 when one was not found, or when the text that a
// fault changes is no longer there.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const seeds = process.env.SEEDS || '100000', jobs = process.env.JOBS || '2', only = process.env.FAULTS?.split(',');
const sources = ['CMakeLists.txt', 'CMakePresets.json', 'shared', 'server', 'wasm-client', 'tests', 'static'];

// `was` is the text, once in its file, that `becomes` takes the place of; `$&` in that is the text again.
const faults = [
    {
        name: 'a lost hint is not repaired',
        file: 'server/chat/feed.hpp',
        was: 'return end_ && !reading_ && (doubted_ || heard_ > *end_);',
        becomes: 'return end_ && !reading_ && doubted_ && heard_ > *end_ + 1000;',
    },
    {
        name: 'an event is applied twice',
        file: 'wasm-client/state/room_log.cpp',
        was: 'if (next.seq == 0 || (!empty() && next.seq <= top())) return verdict::duplicate;',
        becomes: 'if (next.seq == 0 || (!empty() && next.seq < top())) return verdict::duplicate;\n' +
            '    if (!empty() && next.seq == top()) next.seq = top() + 1;',
    },
    {
        name: 'the nonce is ignored',
        file: 'server/chat/working_set.cpp',
        was: 'if (known == nonces_.end()) return std::nullopt;',
        becomes: 'if (known == nonces_.end() || !author.empty()) return std::nullopt;',
    },
    {
        name: '`ok` before the commit',
        file: 'tests/simulation/map_ledger.cpp',
        was: 'void map_ledger::submit(chat::command what, std::function<void(chat::outcome)> done) {',
        becomes: `$&
    if (const auto* const said = std::get_if<chat::authored<protocol::send>>(&what); said && has_room(said->room)) {
        done(chat::receipt{.seq = row(said->room).top + 1});
        return waiting_.push_back([this, what]() -> answering {
            carry_out(what);
            return [] {};
        });
    }`,
    },
    {
        name: 'a room is resumed from the wrong seq',
        file: 'server/chat/reading.cpp',
        was: 'begin(held.room, std::nullopt, held.epoch, held.seq);',
        becomes: 'begin(held.room, std::nullopt, held.epoch, held.seq + 1);',
    },
    {
        name: 'changes are folded out of order',
        file: 'wasm-client/state/room_log.cpp',
        was: 'for (const protocol::event& change : recent_changes_) fold(change);',
        becomes: 'for (auto change = recent_changes_.rbegin(); change != recent_changes_.rend(); ++change) fold(*change);',
    },
    {
        name: '`rev` is ignored',
        file: 'shared/fold/fold.cpp',
        was: 'if (change.seq <= protocol::rev_of(target) || folded.deleted) return;',
        becomes: 'if (folded.deleted) return;',
    },
    {
        name: 'the ordinal does not advance',
        file: 'server/chat/working_set.cpp',
        was: 'event.said = ++row.said;',
        becomes: 'event.said = row.said += event.seq % 16 != 0;',
    },
    {
        name: 'the mark of one device is lost to the others',
        file: 'server/chat/working_set.cpp',
        was: 'report(user, protocol::read_mark{.room = room, .seq = read.seq, .said = read.said});',
        becomes: 'if (read.seq % 2 == 0) report(user, protocol::read_mark{.room = room, .seq = read.seq, .said = read.said});',
    },
    {
        name: 'a change of a person\'s log has the seq of the one before',
        file: 'server/chat/working_set.cpp',
        was: '.seq = ++log.row.value().seq,',
        becomes: '.seq = log.row.value().seq += log.row.value().seq % 8 != 7,',
    },
    {
        name: 'a list without the oldest changes is told to a newcomer',
        file: 'server/chat/repair.cpp',
        was: 'else if (each->sent_until() < since)',
        becomes: "else if (each->sent_until() + 1'000 < since)",
    },
    {
        name: 'an old count is believed',
        file: 'wasm-client/state/answers.cpp',
        was: 'if (is_old) continue;',
        becomes: 'if (is_old && request.rooms.empty()) continue;',
    },
    {
        name: 'a rule is asked before the transaction only',
        file: 'server/chat/message_rules.cpp',
        was: 'if (rev != command.base) {',
        becomes: 'if (rev < command.base) {',
    },
];

const copy = mkdtempSync(join(tmpdir(), 'parley-faults-'));
const build = join(copy, 'build/release');

function compile() {
    execFileSync('cmake', ['--build', build, '--target', 'simulate', '-j', jobs], { stdio: ['ignore', 'ignore', 'inherit'] });
}

// What the simulation says of the first schedule that goes wrong; undefined when all converge.
function found() {
    const ran = spawnSync(join(build, 'tests/simulation/simulate'), ['--seeds', seeds], { encoding: 'utf8' });
    const said = /^seed (\d+): (.*)$/m.exec(ran.stderr);
    if (said) return `${said[1]} | ${said[2]}`;
    // An invariant that is checked stopped it, within the thousand schedules after the last that it counted.
    return ran.status === 0 ? undefined : `- | ${ran.stderr.trim().split('\n').at(-1)}`;
}

function tried(fault) {
    const file = join(copy, fault.file), sound = readFileSync(file, 'utf8');
    if (sound.split(fault.was).length !== 2) throw new Error(`${fault.file} does not have this once: ${fault.was}`);
    writeFileSync(file, sound.replace(fault.was, () => fault.becomes.replace('$&', () => fault.was)));
    compile();
    const what = found();
    writeFileSync(file, sound);
    console.log(`| ${fault.name} | \`${fault.file}\` | ${what ?? `not found in ${seeds} schedules`} |`);
    return what !== undefined;
}

try {
    for (const one of sources)
        cpSync(join(root, one), join(copy, one), { recursive: true, filter: (path) => !path.includes('node_modules') });
    // It is built for each fault, and runs for a moment.
    execFileSync('cmake', ['--preset', 'release', '-DCMAKE_CXX_FLAGS_RELEASE=-O1'], { cwd: copy, stdio: 'ignore' });
    compile();
    if (found()) throw new Error('the simulation finds something without a fault');
    const missed = faults.filter((one) => (!only || only.includes(one.name)) && !tried(one));
    process.exitCode = missed.length ? 1 : 0;
} finally {
    rmSync(copy, { recursive: true, force: true });
}
