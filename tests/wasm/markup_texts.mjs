// Texts of things that the parser of markup looks for: the same seed gives the same texts on every machine.
const parts = [
    '*', '**', '***', '_', '~~', '||', '`', '``', '```', '\n', '\n\n', '\n> ', '\n>> ', '\n- ', '\n  - ', '\n1. ', '\n# ',
    '\n```\n', '\n~~~js\n', '\na|b\n-|-\n', '|', '[', ']', '](', '(', ')', '<', '>', '](https://b.example)',
    'https://a.example/', '[bank.example](https://c.example)', '<https://d.example>', 'mailto:a@b', '@ann', '@~gus.', '@room',
    '#lobby', '\\', '\\*', '![', ' ', ' ', ' ', 'a', 'word', 'two words', 'é', '。', '“', '😀', '\u202e', '\u2028', '\t', '7'
];
const parts_max = 60;
const long_times = 2_000;  // one text in a thousand is one part, again and again

export function markup_text(random) {
    if (random.below(1_000) === 0) return (random.pick(parts) + random.pick(parts)).repeat(long_times);
    return Array.from({length: random.below(parts_max)}, () => random.pick(parts)).join('');
}
