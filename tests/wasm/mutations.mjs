// Seeded mutations of frames: the same seed gives the same cases on every machine.

// mulberry32: 32 bits of state are enough to choose edits with.
export function random_source(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return (t ^ (t >>> 14)) >>> 0;
    };
    const below = (n) => next() % n;
    return {below, pick: (list) => list[below(list.length)]};
}

const numbers = [
    '0', '-0', '1', '-1', '00', '1.0', '1e3', '1e999', '4294967295', '4294967296', '9007199254740991',
    '9007199254740992', '18446744073709551615', '18446744073709551616', '99999999999999999999999', '200', '201'
];
const values = [
    'null', 'true', 'false', '""', '"ann"', '[]', '{}', '[[]]', '{"id":9}', '"type"', '[1,2]', '"\\ud800"', '"\\u0000"',
    '"joined"', '"edited"', '"mark"', '"\\n"', '"\u0085"', '" "'
];
const chunks = [
    '"', '\\', '{', '}', '[', ']', ',', ':', '\\u', '\\ud83d\\ude00', '\\udc00', '\0', '\x7f', '\n', ' ', '"id":7,',
    '"type":"ping",', '"x":1,', '"":0,', '"kind":"edited",', '\uffff', '😀', '\ufeff', '/**/'
].map((text) => Buffer.from(text));
const bad_bytes =
    [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xc2]].map((b) => Buffer.from(b));
const longer_than_any_rule = 'a'.repeat(600);

function cut(frame, from, to, put = Buffer.alloc(0)) {
    return Buffer.concat([frame.subarray(0, from), put, frame.subarray(to)]);
}

// A random match of the pattern, replaced. Matching runs over latin1, where a character is a byte.
function replace_one(frame, pattern, replacement, random) {
    const matches = [...frame.toString('latin1').matchAll(pattern)];
    if (matches.length === 0) return frame;
    const match = random.pick(matches);
    return cut(frame, match.index, match.index + match[0].length, Buffer.from(replacement(match[0]), 'latin1'));
}

const key = /"[a-z_]+":/g;
const string_value = /(?<=:)"(?:[^"\\]|\\.)*"/g;
const member = /"[a-z_]+":(?:"(?:[^"\\]|\\.)*"|-?[0-9.e+]+|true|false|null)/g;
const two_members = /"[a-z_]+":(?:"[^"\\]*"|\d+),"[a-z_]+":(?:"[^"\\]*"|\d+)/g;
const swapped = (text) => text.replace(/^("[a-z_]+":(?:"[^"]*"|\d+)),(.*)$/s, '$2,$1');
const any_value = /(?<=[:[,])(?:"(?:[^"\\]|\\.)*"|-?[0-9.e+]+|true|false|null|\[\]|\{\})(?=[,\]}])/g;

const flip = (frame, random) => {
    const copy = Buffer.from(frame);
    if (frame.length > 0) copy[random.below(frame.length)] ^= 1 << random.below(8);
    return copy;
};
// Puts bytes at a random place, over as many as `length` says.
const put = (bytes, length = () => 0) => (frame, random) => {
    const i = random.below(frame.length + 1);
    return cut(frame, i, Math.min(frame.length, i + length(random)), bytes(random, frame, i));
};
const replace = (pattern, replacement) => (frame, random) =>
    replace_one(frame, pattern, (match) => replacement(random, match), random);
const spell_otherwise = (key) => `"\\u00${key.charCodeAt(1).toString(16)}${key.slice(2)}`;
const wrap = (random, value) => random.pick([`[${value}]`, `{"a":${value}}`, `${value},${value}`]);

const edits = [
    flip,
    put((random) => Buffer.from([random.below(256)])),
    put(() => Buffer.alloc(0), (random) => 1 + random.below(6)),
    put((random, frame, i) => frame.subarray(i, i + random.below(40))),
    put((random) => random.pick(chunks)),
    put((random) => random.pick(bad_bytes)),
    (frame, random, other) => Buffer.concat(
        [frame.subarray(0, random.below(frame.length + 1)), other.subarray(random.below(other.length + 1))]),
    (frame, random) => frame.subarray(0, random.below(frame.length + 1)),
    replace(/-?\d+/g, (random) => random.pick(numbers)),
    replace(any_value, (random) => random.pick(values)),
    replace(any_value, wrap),
    replace(member, (random, text) => `${text},${text}`),
    replace(member, (random, text) => `"stranger":${random.pick(values)},${text}`),
    replace(key, (random, text) => random.pick([spell_otherwise(text), text.toUpperCase(), '"id":', '"type":', '"kind":'])),
    replace(string_value, (random, text) => `"${text.slice(1, -1)}${longer_than_any_rule.slice(random.below(600))}"`),
    replace(string_value, () => '""'),
    // What a valid frame survives: space between tokens, other digits, other letters, members in another order.
    replace(/(?<=[{,:\]}])(?=["\d[{}])/g, (random) => random.pick([' ', '\n', '\t\r'])),
    replace(/\d(?=[,}])/g, (random) => String(random.below(10))),
    replace(/[a-z](?=[a-z]*"[,}])/g, (random) => random.pick(['a', '0', '.', '\\u0061', '\\/', 'Z'])),
    replace(two_members, (random, text) => swapped(text)),
];

// One case made of another: one edit, sometimes more. `cases` gives frames to splice with.
export function mutate(base, cases, random) {
    let frame = base.frame;
    for (let left = random.pick([1, 1, 1, 2, 2, 4]); left > 0; --left)
        frame = random.pick(edits)(frame, random, random.pick(cases).frame);
    return {...base, name: `mutation of ${base.name}`, frame};
}
