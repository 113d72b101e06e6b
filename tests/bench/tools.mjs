// Builds what is measured beside us, from the tools' sources into build/bench; what cannot be had is told and left out.
import {execFileSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';

const npmPackages = ['ws@8.23.0', 'socket.io@4.8.4'];
const flags = ['-std=c++20', '-O3', '-march=native'];
const run = (command, options) => execFileSync(command[0], command.slice(1), {stdio: 'pipe', ...options});

function fresh(made, source) { return existsSync(made) && statSync(made).mtimeMs > statSync(source).mtimeMs; }

// Compiling and linking apart: ccache keeps what was compiled.
function cpp(source, made, {defines = [], libraries = []} = {}) {
    if (fresh(made, source)) return;
    run(['ccache', 'g++', ...flags, ...defines, '-c', '-o', `${made}.o`, source]);
    run(['g++', '-o', made, `${made}.o`, ...libraries]);
}

function go(folder, made) {
    if (fresh(made, join(folder, 'main.go'))) return;
    run(['go', 'build', '-o', made, '.'],
        {cwd: folder, env: {...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode'}});
}

function npm(tools, to) {
    mkdirSync(to, {recursive: true});
    copyFileSync(join(tools, 'peers/node-ws/server.js'), join(to, 'ws-server.js'));
    copyFileSync(join(tools, 'peers/socketio/server.js'), join(to, 'sio-server.js'));
    const there = (wanted) => {
        const [name, version] = wanted.split('@'), file = join(to, 'node_modules', name, 'package.json');
        return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
    };
    if (!npmPackages.every(there))
        run([
            'npm', 'install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error', '--prefix', to, ...npmPackages
        ]);
}

// Gives the load generator's path, or nothing where it cannot be had.
export function buildTools(tools, bin, say) {
    mkdirSync(bin, {recursive: true});
    const attempt = (what, act) => {
        try {
            act();
        } catch (error) {
            const why = `${error.stderr ?? ''}`.trim() || error.message;
            say(`no ${what}: ${why.split('\n').slice(-2).join(' ').slice(0, 200)}`);
        }
    };
    attempt('slow disk', () => {
        const source = new URL('slow_sync.c', import.meta.url).pathname, made = join(bin, 'slow_sync.so');
        if (!fresh(made, source)) run(['gcc', '-O2', '-shared', '-fPIC', '-o', made, source, '-ldl']);
    });
    if (!existsSync(join(tools, 'wsload.cpp'))) {
        say(`no load generator in BENCH_TOOLS=${tools}: peers and all that needs wsload are left out`);
        return undefined;
    }
    attempt('load generator', () => cpp(join(tools, 'wsload.cpp'), join(bin, 'wsload')));
    attempt(
        'limits',
        () =>
            cpp(join(tools, 'peers/limits/limit.cpp'), join(bin, 'limit'),
                {defines: ['-DWITH_URING'], libraries: ['-luring']}));
    attempt('seed-go-004', () => go(join(tools, 'peers/go-seed/a'), join(bin, 'seed-go-004')));
    attempt('npm peers', () => npm(tools, join(bin, 'npm')));
    return existsSync(join(bin, 'wsload')) ? join(bin, 'wsload') : undefined;
}

function firstLine(...command) {
    try {
        return run(command).toString().trim().split('\n')[0];
    } catch {
        return undefined;
    }
}

// Of what took part, for the caption.
export function versions(root, parley) {
    return {
        parley: `${firstLine(parley, '--version') ?? ''} (${
                    firstLine('git', '-C', root, 'describe', '--always', '--dirty') ?? 'no git'})`
                    .trim(),
        compiler: firstLine('g++', '--version'),
        node: process.version,
        go: firstLine('go', 'version')?.split(' ')[2].replace('go', ''),
        nats: firstLine('nats-server', '--version')?.replace(/^nats-server:? v?/, ''),
        npm: npmPackages.join(', '),
        kernel: firstLine('uname', '-r')
    };
}
