// A strict reader of Prometheus' text format 0.0.4: every line is understood, or the test fails.
import assert from 'node:assert/strict';

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const helpLine = new RegExp(`^# HELP (${name}) (.+)$`);
const typeLine = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram)$`);
const sampleLine = new RegExp(`^(${name})(?:\\{(.+)\\})? (\\d+(?:\\.\\d+)?)$`);
const oneLabel = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/;

function labelsOf(text) {
    const labels = {};
    for (let rest = text ?? ''; rest.length > 0;) {
        const found = rest.match(oneLabel);
        assert.ok(found, `labels: ${text}`);
        assert.ok(!(found[1] in labels), `a label twice: ${text}`);
        labels[found[1]] = found[2];
        rest = rest.slice(found[0].length);
    }
    return labels;
}

function checkHistogram(family) {
    const of = (suffix) => family.samples.filter((one) => one.name === family.name + suffix);
    const buckets = of('_bucket').map(({ labels, value }) => [Number(labels.le.replace('+Inf', 'Infinity')), value]);
    for (let i = 1; i < buckets.length; i++) {
        assert.ok(buckets[i][0] > buckets[i - 1][0], `bounds ascend: ${family.name}`);
        assert.ok(buckets[i][1] >= buckets[i - 1][1], `buckets include those before: ${family.name}`);
    }
    assert.equal(buckets.at(-1)[0], Infinity);
    assert.deepEqual([of('_sum').length, of('_count').length], [1, 1]);
    assert.equal(of('_count')[0].value, buckets.at(-1)[1]);
}

function check(family) {
    assert.ok(family.type, `no type: ${family.name}`);
    assert.ok(family.samples.length > 0 || family.name === 'parley_http_responses_total', `no sample: ${family.name}`);
    assert.equal(family.type === 'counter', family.name.endsWith('_total'), `_total is for counters: ${family.name}`);
    assert.match(family.name, /^(parley|process)_/);
    const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    for (const one of family.samples)
        assert.ok(suffixes.some((suffix) => one.name === family.name + suffix), `${one.name} in ${family.name}`);
    if (family.type === 'histogram') checkHistogram(family);
}

// Families by name, each with its samples in order; `value(name, labels)` reads one.
export function readExposition(text) {
    assert.ok(text.endsWith('\n'));
    const families = new Map(), seen = new Map();
    let current;
    for (const line of text.slice(0, -1).split('\n')) {
        const help = line.match(helpLine), type = line.match(typeLine), sample = line.match(sampleLine);
        if (help) {
            assert.ok(!families.has(help[1]), `a family twice: ${line}`);
            families.set(help[1], (current = { name: help[1], samples: [] }));
        } else if (type) {
            assert.equal(type[1], current?.name, line);
            assert.equal(current.type, undefined, line);
            current.type = type[2];
        } else {
            assert.ok(sample && current?.type, `not understood: ${line}`);
            const key = line.slice(0, line.lastIndexOf(' '));
            assert.ok(!seen.has(key), `a sample twice: ${line}`);
            seen.set(key, Number(sample[3]));
            current.samples.push({ name: sample[1], labels: labelsOf(sample[2]), value: Number(sample[3]), key });
        }
    }
    for (const family of families.values()) check(family);
    return { families, seen, value: (key) => seen.get(key) ?? 0 };
}

// Whatever only counts never goes down.
export function assertGrows(before, after) {
    for (const family of before.families.values())
        for (const { key, name } of family.samples) {
            const counts = family.type === 'counter' || (family.type === 'histogram' && name !== family.name);
            if (counts) assert.ok(after.value(key) >= before.value(key), key);
        }
}
