// Writing with markup: keys that put signs around the selection, code that is pasted, lists and quotes that go on.
// What it changes can be undone, as what is typed can.

const signs = { b: "**", i: "*", e: "`", x: "~~" };  // with Ctrl or Cmd; x with Shift too

function replace(field, begin, end, text) {
    field.setSelectionRange(begin, end);
    const done = text ? document.execCommand("insertText", false, text) : begin === end || document.execCommand("delete");
    if (done) return;
    field.setRangeText(text, begin, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Length of the run of a character that ends at `end`, or begins there.
function runBefore(text, end, sign) {
    let begin = end;
    while (begin > 0 && text[begin - 1] === sign[0]) begin -= 1;
    return end - begin;
}
function runAfter(text, begin, sign) {
    let end = begin;
    while (text[end] === sign[0]) end += 1;
    return end - begin;
}

// "**" is there when the run has two or three stars; "*" when it has one or three.
function isThere(run, sign) {
    if (sign === "*") return run % 2 === 1;
    return run >= sign.length;
}

// Puts the sign around the selection, or takes it away.
export function toggle(field, sign) {
    const { value, selectionStart: begin, selectionEnd: end } = field;
    const has = isThere(runBefore(value, begin, sign), sign) && isThere(runAfter(value, end, sign), sign);
    const selected = value.slice(begin, end), size = sign.length;
    if (has) replace(field, begin - size, end + size, selected);
    else replace(field, begin, end, sign + selected + sign);
    const first = has ? begin - size : begin + size;
    field.setSelectionRange(first, first + selected.length);
}

const fenceLine = /^ {0,3}(`{3,}|~{3,})/;
const isInFence = (text) => text.split("\n").filter((line) => fenceLine.test(line)).length % 2 === 1;

// Whether most lines look like those of a program: indented, or with its signs at an end.
export function looksLikeCode(text) {
    const lines = text.split("\n").filter((line) => line.trim());
    const isCode = (line) => /^(?:\t| {2,}\S)|[{};()[\]=>\\]\s*$|^(?:[$#}\])</@]|\/\/|import |const |def |fn |SELECT )/.test(line);
    return lines.length > 1 && lines.filter(isCode).length * 2 > lines.length;
}

// The text in a fence that is longer than those in it.
export function fenced(text) {
    const runs = [...text.matchAll(/`{3,}/g)].map(([run]) => run.length);
    const fence = "`".repeat(Math.max(2, ...runs) + 1);
    return `${fence}\n${text.replace(/\n+$/, "")}\n${fence}\n`;
}

// Whether the paste was taken over.
export function pasteCode(field, text) {
    const before = field.value.slice(0, field.selectionStart), plain = text.replaceAll("\r\n", "\n");
    if (!looksLikeCode(plain) || fenceLine.test(plain) || isInFence(before)) return false;
    const newLine = before && !before.endsWith("\n") ? "\n" : "";
    replace(field, field.selectionStart, field.selectionEnd, newLine + fenced(plain));
    return true;
}

const lead = /^(?:[ \t]*(?:>|[-*+](?= )|\d{1,9}\.(?= )) ?)+/;
const nextNumber = (text) => text.replace(/(\d+)(\. ?)$/, (all, number, rest) => Number(number) + 1 + rest);

// A new line goes on with the list or quote of its line; in an empty item it ends it. Whether there was one.
export function continueLine(field) {
    const { value, selectionStart: at } = field;
    const begin = value.lastIndexOf("\n", at - 1) + 1, line = value.slice(begin, at);
    const found = line.match(lead)?.[0];
    if (!found || field.selectionEnd !== at || isInFence(value.slice(0, begin))) return false;
    if (line === found) replace(field, begin, at, "");
    else replace(field, at, at, "\n" + nextNumber(found));
    return true;
}

export function watchMarkup(field) {
    field.addEventListener("keydown", (event) => {
        const { key, ctrlKey, metaKey, altKey, shiftKey, isComposing } = event;
        if (isComposing || altKey) return;
        const letter = key.toLowerCase(), sign = (ctrlKey || metaKey) && shiftKey === (letter === "x") && signs[letter];
        if (sign) toggle(field, sign);
        else if (key !== "Enter" || !shiftKey || !continueLine(field)) return;
        event.preventDefault();
    });
    field.addEventListener("paste", (event) => {
        if (pasteCode(field, event.clipboardData.getData("text/plain"))) event.preventDefault();
    });
}
