// Our markup against CommonMark's own program, where the chat subset lies inside of CommonMark: the HTML that cmark
// writes, and the one that our pieces mean, must be the same.
//
//     node tests/wasm/cmark.mjs build/release [--texts 5000] [--seed 1]
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';

import {judged} from './judged.mjs';
import {random_source} from './mutations.mjs';

// What both understand alike: no "_" and "~", no bare addresses, no line that goes on lazily, no depth.
const words = ['a', 'b', 'word', 'two words', 'é', 'x, y', 'end.', '"q"', '-', 'z'];
const inline = ['*', '**', '***', '`', ' ', ' ', '[', ']', '[l *m* n](https://a.example)', '[l](https://b.example/c)',
                '<https://d.example>', '*i*', '**b**', '`c`', '\\*'];
const separator = 'the-end-of-one-text';

// Code begins and ends in its line; no line begins with the sign of a block, or is one.
function line_of(random) {
    const parts = Array.from({length: 1 + random.below(9)}, () => random.pick(random.below(2) ? words : inline));
    const line = parts.join('').replace(/`{2,}/g, '`').replace(/\*{4,}/g, '***').trim()
                     .replace(/^(?:[-+]|[*]+(?= |$)| )+/, '').trim();
    if (/^[-*+ ]*$/.test(line)) return 'a';
    return line.split('`').length % 2 ? line : `${line} \``;
}

const lines_of = (random, count) => Array.from({length: 1 + random.below(count)}, () => line_of(random));

const blocks = [
    (random) => lines_of(random, 3).join('\n'),
    (random) => lines_of(random, 3).map((line) => `> ${line}`).join('\n'),
    (random) => `${random.pick(['#', '##', '###'])} ${line_of(random)}`,
    (random) => `\`\`\`${random.pick(['', 'js'])}\n${lines_of(random, 3).join('\n')}\n\`\`\``,
    (random) => lines_of(random, 3).map((line) => `- ${line}`).join('\n'),
    (random) => lines_of(random, 3).map((line, i) => `${i + 1}. ${line}`).join('\n'),
    (random) => `- ${line_of(random)}\n  - ${line_of(random)}\n- ${line_of(random)}`,
];

const text_of = (random) =>
    Array.from({length: 1 + random.below(3)}, () => random.pick(blocks)(random)).join('\n\n');

// Both have lists with and without paragraphs, and ends of lines inside blocks: neither tells them apart here.
const plain_html = (html) => html.replace(/<\/?p>/g, ' ').replace(/ start="\d+"/g, '').replace(/\s+/g, ' ')
    .replace(/ ?(<\/?(?:ul|ol|li|blockquote|h\d|pre)[^<>]*>) ?/g, '$1').replace(/<\/(ul|ol)><\1>/g, '').trim();

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const tags = ['p', 'h1', 'h2', 'h3', 'blockquote', 'ul', 'ol', 'li', 'pre', 'table', 'tr', 'td', 'strong', 'em', 's', 'spoiler', 'code', 'a', 'a'];
const kinds = {pre: 8, link: 17, disguised: 18, text: 19, number: 20, language: 21, address: 22, bare: 23};

// Deeper emphasis is literal here.
const inline_depth_max = 4;
function is_deep(html) {
    let depth = 0;
    return [...html.matchAll(/<(\/?)(?:em|strong)>/g)].some(([, end]) => (depth += end ? -1 : 1) > inline_depth_max);
}

// The verdict of the judge: "ok ", names, then kind, depth, begin and end of each piece.
function html_of(verdict, bytes) {
    const numbers = verdict.replace(/ ".*/s, '').split(' ').slice(1).filter((part) => !part.startsWith('@')).map(Number);
    const around = [], out = [];
    const close = () => out.push(...around.pop());
    for (let i = 0; i < numbers.length; i += 4) {
        const [kind, depth, begin, end] = numbers.slice(i, i + 4);
        const part = escaped(bytes.subarray(begin, end).toString());
        while (around.length > depth) close();
        if (kind === kinds.text) out.push(part);
        const in_angles = bytes[begin - 1] === '<'.charCodeAt(0);  // others are text in CommonMark
        if (kind === kinds.bare) out.push(in_angles ? `<a href="${part}">${part}</a>` : part);
        if (kind === kinds.language) out[out.lastIndexOf('<code>')] = `<code class="language-${part}">`;
        if (kind === kinds.address) out[out.lastIndexOf('<a>')] = `<a href="${part}">`;
        if (kind > kinds.disguised) continue;
        const fence = kind === kinds.pre;
        out.push(`<${tags[kind]}>`, ...(fence ? ['<code>'] : []));
        around.push(fence ? ['\n</code>', '</pre>'] : [`</${tags[kind]}>`]);
    }
    while (around.length) close();
    return out.join('');
}

function main() {
    const {values, positionals: [build]} = parseArgs({
        allowPositionals: true,
        options: {texts: {type: 'string', default: '5000'}, seed: {type: 'string', default: '1'}},
    });
    const random = random_source(Number(values.seed));
    const texts = Array.from({length: Number(values.texts)}, () => text_of(random));
    const whole = texts.map((text) => `${text}\n\n# ${separator}\n\n`).join('');
    const theirs = execFileSync('cmark', {input: whole, maxBuffer: 2 ** 28}).toString().split(`<h1>${separator}</h1>`);
    const folder = mkdtempSync(join(tmpdir(), 'parley-cmark-'));
    try {
        const cases = texts.map((text) => ({set: 'markup', type: '', frame: Buffer.from(text)}));
        const ours = judged(build, cases, folder);
        const differ = texts.flatMap((text, i) => {
            const [left, right] = [html_of(ours[i], cases[i].frame), theirs[i]].map(plain_html);
            return left === right || is_deep(right) ? [] : [{text, left, right}];
        });
        for (const {text, left, right} of differ.slice(0, 3)) console.error(`cmark: differ\n${text}\n  ours  ${left}\n  cmark ${right}`);
        console.log(`cmark: ${texts.length} texts compared, seed ${values.seed}, ${differ.length} differ`);
        return differ.length === 0 && texts.length > 0 ? 0 : 1;
    } finally {
        rmSync(folder, {recursive: true});
    }
}

process.exitCode = main();
