// Who is measured: command, address, and what a client says first. `needs` are files or programs without which a peer
// is skipped. The limits are no chat servers: they do the least that the kernel lets anyone do (see the README here).
const bin = (name) => ({bin}) => `${bin}/${name}`;
const fill = (word, at) => (typeof word === 'function' ? word(at) : word);

const limit = (mode) => ({
    group: 'limit',
    needs: ['{bin}/limit'],
    command: (at) => [`${at.bin}/limit`, mode, at.port],
    url: '/ws?room=%r',
    echo: '/echo',
    rooms: true
});

const introduction = [
    '--subprotocol', 'parley.1', '--hello', '{"type":"hello","id":1,"client":"wsload"}', '--await', '"welcome"',
    '--hello', '{"type":"subscribe","id":2,"room":"lobby"}', '--await', '"ok"'
];
const said = '{"type":"send","id":%n,"room":"lobby","nonce":"w%d-%n","text":"%s"}';

// The full product: durable, every check on; only the pace of one sender is not limited.
export function parley({spacing = 20, shards = 1, plain = false, cores, env} = {}) {
    return {
        group: 'parley',
        needs: ['{parley}'],
        metrics: true,
        cores,
        env,
        echo: '/echo',
        echoScript: [],
        echoTemplate: '%s',
        command: (at) =>
            [at.parley, '--listen', `127.0.0.1:${at.port}`, '--data', `${at.run}/data`, '--shards', `${shards}`,
             '--spacing-ms', `${spacing}`, '--sync', 'full', '--send-burst', '1000000', '--send-rate', '1000000', '--guests', 'on', '--log-level',
             'warn'],
        ...(plain ? {url: '/ws?room=lobby'} : {url: '/ws', script: introduction, template: said})
    };
}

export const peers = {
    'limit-A': limit('A'),
    'limit-B': limit('B'),
    'limit-T20': {...limit('T'), env: {TICK_MS: '20'}},
    parley: parley(),
    'parley-0': parley({spacing: 0}),
    'parley-plain': parley({plain: true}),
    'parley-plain-0': parley({plain: true, spacing: 0}),
    'seed-go-004': {needs: ['{bin}/seed-go-004'], command: bin('seed-go-004'), port: 8080, url: '/ws'},
    'node-ws': {
        needs: ['{bin}/npm/node_modules/ws'],
        command: (at) => ['node', `${at.bin}/npm/ws-server.js`, at.port],
        url: '/ws?room=%r',
        echo: '/echo',
        rooms: true
    },
    'socket.io': {
        needs: ['{bin}/npm/node_modules/socket.io'],
        command: (at) => ['node', `${at.bin}/npm/sio-server.js`, at.port],
        url: '/socket.io/?EIO=4&transport=websocket&room=%r',
        rooms: true,
        echo: '/socket.io/?EIO=4&transport=websocket',
        script: ['--await', '0{', '--hello', '40', '--await', '40{', '--reply', '2=>3'],
        template: '42["msg","%s"]',
        echoTemplate: '42["echo","%s"]'
    },
    nats: {
        needs: ['nats-server'],
        command: (at) => ['nats-server', '-c', at.conf],
        conf: 'nats/nats.conf',
        url: '/',
        rooms: true,
        echo: '/',
        script: [
            '--binary', '--hello',
            'CONNECT {"verbose":false,"pedantic":false,"lang":"x","version":"1","protocol":1}\\r\\nSUB room.%r 1\\r\\nPING\\r\\n',
            '--await', 'PONG', '--reply', 'PING\\r\\n=>PONG\\r\\n'
        ],
        template: 'PUB room.%r %l\\r\\n%s\\r\\n'
    },
    nchan: {
        needs: ['nginx', '/usr/lib/nginx/modules/ngx_nchan_module.so'],
        command: (at) => ['nginx', '-c', at.conf],
        conf: 'nchan/nginx.conf',
        workers: true,
        url: '/ws?room=%r',
        rooms: true
    },
    // Only of the workload `shards`; not pinned to one core where there are two to carry it.
    'shards-1': parley({spacing: 0}),
    'shards-2': parley({spacing: 0, shards: 2, cores: '0,1'}),
    'shards-2-one-core': parley({spacing: 0, shards: 2}),
};

export const commandOf = (peer, at) => [fill(peer.command, at)].flat();
