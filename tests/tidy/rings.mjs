// Modules that include each other in a ring. A header and its source are one module; a forward declaration instead of
// an include hides a ring, it does not undo it: what both need belongs into a third module below them.

// Rings that remain. Nothing may be added to one; an entry goes when its ring is gone.
export const known_rings = [
    // A participant enters rooms of the hub that owns both; each kind of conversation is one of its participants.
    ['conversation', 'hub', 'participant', 'plain_conversation', 'room', 'subscription']
        .map((name) => `server/chat/${name}`),
    // The configuration is read from a file and the environment, and both name its fields.
    ['config', 'config_file', 'environment'].map((name) => `server/config/${name}`),
];

const is_module = (path) => /^(?:server|shared|wasm-client)\/.*\.[ch]pp$/.test(path);
const module_of = (path) => path.replace(/\.[ch]pp$/, '');

// module -> {module that it includes -> {path, line}}
function graph_of(files) {
    const graph = new Map();
    for (const {path, text} of files.filter(({path}) => is_module(path))) {
        const own = module_of(path);
        if (!graph.has(own)) graph.set(own, new Map());
        text.split('\n').forEach((content, index) => {
            const header = content.match(/^[ \t]*#[ \t]*include[ \t]*"([^"]+)"/)?.[1];
            if (!header || module_of(header) === own) return;
            if (!graph.get(own).has(module_of(header))) graph.get(own).set(module_of(header), {path, line: index + 1});
        });
    }
    return graph;
}

// The shortest way from a module back to itself: [module, ...]; none where there is no ring.
function ring_from(graph, start) {
    const came_from = new Map();
    const queue = [start];
    for (const at of queue)
        for (const next of graph.get(at)?.keys() ?? []) {
            if (next === start) return way_back(came_from, at);
            if (came_from.has(next)) continue;
            came_from.set(next, at);
            queue.push(next);
        }
    return null;
}

function way_back(came_from, last) {
    const way = [last];
    while (came_from.has(way[0])) way.unshift(came_from.get(way[0]));
    return way;
}

// [{rule, path, line, advice}] of all files: [{path, text}]; each ring once.
export function ring_faults(files, known = known_rings) {
    const graph = graph_of(files);
    const faults = [], seen = new Set();
    for (const start of [...graph.keys()].sort()) {
        const ring = ring_from(graph, start);
        if (!ring || ring.some((one) => seen.has(one))) continue;
        ring.forEach((one) => seen.add(one));
        if (known.some((allowed) => ring.every((one) => allowed.includes(one)))) continue;
        const {path, line} = graph.get(start).get(ring[1] ?? start);
        const advice = `a ring of includes: ${[...ring, start].join(' -> ')}: move what both need into a module below them`;
        faults.push({rule: 'rings', path, line, advice});
    }
    return faults;
}
