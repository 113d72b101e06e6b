// Modules that include each other in a ring. A header and its source are one module; a forward declaration instead of
// an include hides a ring, it does not undo it: what both need belongs into a third module below them.

// Rings that remain. Nothing may be added to one; an entry goes when its ring is gone.
export const knownRings = [
    // A participant enters rooms of the hub that owns both; each kind of conversation is one of its participants.
    ['conversation', 'hub', 'participant', 'plain_conversation', 'room', 'subscription']
        .map((name) => `server/chat/${name}`),
    // The configuration is read from a file and the environment, and both name its fields.
    ['config', 'config_file', 'environment'].map((name) => `server/config/${name}`),
];

const isModule = (path) => /^(?:server|shared|wasm-client)\/.*\.[ch]pp$/.test(path);
const moduleOf = (path) => path.replace(/\.[ch]pp$/, '');

// module -> {module that it includes -> {path, line}}
function graphOf(files) {
    const graph = new Map();
    for (const {path, text} of files.filter(({path}) => isModule(path))) {
        const own = moduleOf(path);
        if (!graph.has(own)) graph.set(own, new Map());
        text.split('\n').forEach((content, index) => {
            const header = content.match(/^[ \t]*#[ \t]*include[ \t]*"([^"]+)"/)?.[1];
            if (!header || moduleOf(header) === own) return;
            if (!graph.get(own).has(moduleOf(header))) graph.get(own).set(moduleOf(header), {path, line: index + 1});
        });
    }
    return graph;
}

// The shortest way from a module back to itself: [module, ...]; none where there is no ring.
function ringFrom(graph, start) {
    const cameFrom = new Map();
    const queue = [start];
    for (const at of queue)
        for (const next of graph.get(at)?.keys() ?? []) {
            if (next === start) return wayBack(cameFrom, at);
            if (cameFrom.has(next)) continue;
            cameFrom.set(next, at);
            queue.push(next);
        }
    return null;
}

function wayBack(cameFrom, last) {
    const way = [last];
    while (cameFrom.has(way[0])) way.unshift(cameFrom.get(way[0]));
    return way;
}

// [{rule, path, line, advice}] of all files: [{path, text}]; each ring once.
export function ringFaults(files, known = knownRings) {
    const graph = graphOf(files);
    const faults = [], seen = new Set();
    for (const start of [...graph.keys()].sort()) {
        const ring = ringFrom(graph, start);
        if (!ring || ring.some((one) => seen.has(one))) continue;
        ring.forEach((one) => seen.add(one));
        if (known.some((allowed) => ring.every((one) => allowed.includes(one)))) continue;
        const {path, line} = graph.get(start).get(ring[1] ?? start);
        const advice = `a ring of includes: ${[...ring, start].join(' -> ')}: move what both need into a module below them`;
        faults.push({rule: 'rings', path, line, advice});
    }
    return faults;
}
