// What is asked of them, in wsload's words (its README explains each), and who is asked. Names as in the anchors.
const limits = ['limit-A', 'limit-B', 'limit-T20'];
const ours = ['parley', 'parley-0', 'parley-plain', 'parley-plain-0'];
const others = ['seed-go-004', 'node-ws', 'socket.io', 'nats', 'nchan'];
const busiest = ['limit-A', 'limit-B', 'seed-go-004', 'node-ws', 'socket.io', 'nats', 'nchan'];
const words = (text) => text.split(' ');

// `reps`: at most so many repetitions, where more tell nothing.
export const workloads = {
    W1: {
        short: 'one publisher',
        about: 'one publisher, 1,000 members, the next when its own came back',
        peers: [...limits, ...ours, ...others],
        args: words('-n 1000 -p 1 -d 1 --warmup 0.25')
    },
    W2: {
        short: 'ten publishers',
        about: 'ten publishers, 1,000 members, the next when their own came back',
        peers: [...limits, ...ours, ...others],
        args: words('-n 1000 -p 10 -d 1 --warmup 0.25')
    },
    W3: {
        short: '100 messages/s to 1,000',
        about: '100 messages a second to 1,000 members',
        peers: [...limits, ...ours, ...others],
        args: words('-n 1000 -p 10 --rate 100 -d 2 --warmup 0.4')
    },
    W8: {
        short: '1,000 messages/s to 1,000',
        about: '1,000 messages a second to 1,000 members',
        peers: ['limit-B', 'limit-T20', ...ours, 'seed-go-004', 'nats'],
        args: words('-n 1000 -p 10 --rate 1000 -d 2 --warmup 0.7 --drain 3')
    },
    W6: {
        about: 'echo on 50 connections',
        peers: ['limit-A', 'limit-B', 'parley', 'node-ws', 'socket.io', 'nats'],
        echo: true,
        args: words('-n 50 --echo -d 1 --warmup 0.25')
    },
    W5: {
        about: '10,000 idle connections in 100 rooms',
        peers: busiest,
        idle: true,
        reps: 3,
        args: words('-n 10000 --rooms 100 --idle --hold 1 --connect-timeout 120')
    },
    W9a: {
        about: '1,000 messages of 1 KiB a second to 200 members',
        peers: ['parley', 'parley-plain'],
        args: words('-n 200 -p 4 --rate 1000 --size 1024 -d 8 --warmup 0.5 --drain 3')
    },
    W9b: {
        about: 'the same with five readers stopped',
        peers: ['parley', 'parley-plain'],
        args: words('-n 200 -p 4 --rate 1000 --size 1024 -d 8 --warmup 0.5 --drain 3 --slow 5 --slow-rcvbuf 4096')
    },
    shards: {
        about: 'W3 with one shard on a core, and with two',
        peers: ['shards-1', 'shards-2', 'shards-2-one-core'],
        args: words('-n 1000 -p 10 --rate 100 -d 2 --warmup 0.4')
    },
};
