// Draws charts as SVG: rows of bars, rows of spans, curves. Values stand at the marks, so that nobody reads off an
// axis; colours follow the reader's scheme, light or dark.
const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
.title { font-size: 18px; font-weight: 600; } .panel { font-weight: 600; } .small { font-size: 11px; fill: #59636e; }
.right { text-anchor: end; } .middle { text-anchor: middle; } .ours { font-weight: 600; }
.back { fill: #ffffff; } .axis { stroke: #d1d9e0; } .curve { fill: none; stroke-width: 2; }
rect.parley, circle.parley { fill: #1f6feb; } rect.limit, circle.limit { fill: #8c959f; } rect.peer, circle.peer { fill: #c4ccd4; }
line.parley, .curve.parley { stroke: #1f6feb; } line.limit, .curve.limit { stroke: #8c959f; } line.peer { stroke: #c4ccd4; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; } .small { fill: #9198a1; } .back { fill: #0d1117; } .axis { stroke: #3d444d; }
rect.parley, circle.parley { fill: #58a6ff; } rect.limit, circle.limit { fill: #7d8590; } rect.peer, circle.peer { fill: #444c56; }
line.parley, .curve.parley { stroke: #58a6ff; } line.limit, .curve.limit { stroke: #7d8590; } line.peer { stroke: #444c56; } }`;

const escape = (text) => `${text}`.replace(/[&<>]/g, (sign) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[sign]);
const text = (x, y, words, kind = '') =>
    `<text x="${Math.round(x)}" y="${Math.round(y)}" class="${kind}">${escape(words)}</text>`;
const line = (x1, y1, x2, y2, kind = 'axis', width = 1) => `<line x1="${Math.round(x1)}" y1="${Math.round(y1)}" x2="${
    Math.round(x2)}" y2="${Math.round(y2)}" class="${kind}" stroke-width="${width}"/>`;
const dot = (x, y, kind) => `<circle cx="${Math.round(x)}" cy="${Math.round(y)}" r="4.5" class="${kind}"/>`;

// To three digits.
export const figure = (value) =>
    value >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(value < 1 ? 2 : 3)).toString();

const rowHeight = 22, labelWidth = 138, valueWidth = 104;

// A panel: { height, draw(x, y, width) }. Rows are { name, kind, value } or, of spans, { name, kind, from, to }.
function rowsPanel(title, rows, drawRow) {
    return {
        height: 30 + rows.length * rowHeight,
        draw: (x, y, width) => [text(x, y + 14, title, 'panel'), ...rows.flatMap((row, i) => {
                                   const middle = y + 30 + i * rowHeight + rowHeight / 2;
                                   return [
                                       text(
                                           x + labelWidth - 10, middle + 4, row.name,
                                           `right${row.kind === 'parley' ? ' ours' : ''}`),
                                       ...drawRow(row, x + labelWidth, middle, width - labelWidth - valueWidth)
                                   ];
                               })].join('\n')
    };
}

export function bars(title, rows, unit) {
    const most = Math.max(...rows.map((row) => row.value));
    return rowsPanel(title, rows, (row, x, y, width) => {
        const long = Math.max(1.5, (row.value / most) * width);
        return [
            `<rect x="${x}" y="${y - 7}" width="${long.toFixed(1)}" height="14" rx="2" class="${row.kind}"/>`,
            text(x + long + 6, y + 4, `${figure(row.value)} ${unit}`, row.kind === 'parley' ? 'ours' : '')
        ];
    });
}

// From a median to a 99th percentile; the scale is logarithmic.
export function spans(title, rows, unit) {
    const least = Math.min(...rows.map((row) => row.from)), most = Math.max(...rows.map((row) => row.to));
    const across = (value, width) => (Math.log(value / least) / Math.log(most / least || 2)) * width;
    return rowsPanel(title, rows, (row, x, y, width) => {
        const from = x + 5 + across(row.from, width - 30), to = x + 5 + across(row.to, width - 30);
        return [
            line(from, y, to, y, row.kind, 3), dot(from, y, row.kind), dot(to, y, row.kind),
            text(to + 10, y + 4, `${figure(row.from)} · ${figure(row.to)} ${unit}`, row.kind === 'parley' ? 'ours' : '')
        ];
    });
}

// Curves of { name, kind, points: [{ x, y, label }] } over two logarithmic axes.
export function curves(curvesDrawn, {xTitle, yTitle, height = 300}) {
    const all = curvesDrawn.flatMap((one) => one.points);
    const lowest = Math.min(...all.map((point) => point.x)), widest = Math.max(...all.map((point) => point.x));
    const deepest = Math.min(...all.map((point) => point.y)), highest = Math.max(...all.map((point) => point.y));
    const share = (value, from, to) => Math.log(value / from) / Math.log(to / from || 2);
    return {
        height: height + 40,
        draw: (x, y, width) => {
            const left = x + 20, right = x + width - 40, floor = y + height - 6;
            const at = (point) =>
                [left + share(point.x, lowest, widest) * (right - left),
                 floor - 28 - share(point.y, deepest, highest) * (height - 84)];
            const ticks = [];
            for (let tick = 2 ** Math.round(Math.log2(lowest)); tick <= widest; tick *= 2)
                ticks.push(text(at({x: tick, y: highest})[0], floor + 16, tick, 'small middle'));
            return [
                text(x, y + 14, yTitle, 'panel'), line(left - 8, floor, right + 8, floor), ...ticks,
                text((left + right) / 2, floor + 34, xTitle, 'small middle'),
                ...curvesDrawn.flatMap(
                    ({name, kind}, i) => [dot(left, y + 40 + i * 20, kind), text(left + 12, y + 44 + i * 20, name)]),
                ...curvesDrawn.flatMap((one, which) => drawCurve(one, at, which))
            ].join('\n');
        }
    };
}

// Values stand above the first curve and below the others.
function drawCurve({kind, points}, at, which) {
    const places = points.map(at);
    return [
        `<polyline class="curve ${kind}" points="${
            places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}"/>`,
        ...places.flatMap(
            ([x, y], i) => [dot(x, y, kind), text(x, y + (which ? 18 : -10), points[i].label, 'small middle')])
    ];
}

function wrapped(words, letters) {
    const lines = [''];
    for (const word of words.split(' ')) {
        if (`${lines.at(-1)} ${word}`.length > letters) lines.push('');
        lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
    }
    return lines;
}

// `panels` stand in `columns` beside one another; the caption says when, where and how.
export function picture({title, panels, caption, columns = 1, width = 860}) {
    const margin = 24, each = (width - 2 * margin - (columns - 1) * margin) / columns;
    const drawn = [];
    let y = 62;
    for (let i = 0; i < panels.length; i += columns) {
        const abreast = panels.slice(i, i + columns);
        abreast.forEach((panel, column) => drawn.push(panel.draw(margin + column * (each + margin), y, each)));
        y += Math.max(...abreast.map((panel) => panel.height)) + 18;
    }
    const lines = wrapped(caption, Math.floor((width - 2 * margin) / 5.7));
    const height = y + 8 + lines.length * 15;
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${
            height}" role="img">`,
        `<title>${escape(title)}</title>`, `<style>${style}\n</style>`,
        `<rect class="back" width="${width}" height="${height}" rx="6"/>`, text(margin, 36, title, 'title'), ...drawn,
        ...lines.map((words, i) => text(margin, y + 4 + i * 15, words, 'small')), '</svg>', ''
    ].join('\n');
}
