// Draws the rows of the timeline, and keeps the text that people read where it is while rows come and go around it.
// The words of patches and fields are those of wasm-client/view/patches.hpp; tests/tidy compares them.
import { drawText, watchText } from "./markup.js";

const timeline = document.getElementById("timeline"), rows = document.getElementById("rows");
const shown = new Map();  // key -> element

const timeOfDay = new Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "short" });
const dayOfMonth = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const dayOfYear = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });
const endPx = 48;  // a page that is nearer to the newest row is at the end; view/timeline.hpp has the same number

watchText(rows);

const clone = (kind) => document.getElementById("t-" + kind).content.firstElementChild.cloneNode(true);

export function drawPerson(avatar, person) {
    avatar.textContent = person.initials;
    avatar.dataset.hue = person.hue;
}

// A name that can be clicked carries whose room it opens: guests have none.
export function drawName(element, person) {
    element.textContent = person.name;
    element.classList.toggle("guest", person.guest);
    element.dataset.user = person.guest ? "" : person.name;
}

// "9:12", or with its day when that is not today.
export function momentOf(at) {
    const date = new Date(at), isToday = date.toDateString() === new Date().toDateString();
    return (isToday ? "" : dayOfMonth.format(date) + ", ") + timeOfDay.format(date);
}

function drawTime(element, at) {
    const date = new Date(at);
    element.dateTime = date.toISOString();
    element.textContent = timeOfDay.format(date);
    element.title = dayAndTime.format(date);
}

function drawDelivery(line, row) {
    line.textContent = row.state === "sending" ? "Sending…" : "";
    if (row.state !== "failed") return;
    line.append(document.getElementById("t-failed").content.cloneNode(true));
    line.firstElementChild.textContent = "Not sent. " + row.problem;
    line.dataset.nonce = row.nonce;
}

function drawPills(list, reactions) {
    list.replaceChildren(...reactions.map((entry) => {
        const pill = clone("pill");
        pill.dataset.emoji = entry.emoji;
        pill.textContent = entry.emoji + " " + entry.count;
        pill.title = entry.people;
        pill.setAttribute("aria-pressed", entry.mine);
        return pill;
    }));
}

// What may be done to each message in the page: the word of each action, and the text of its button.
export const menus = new WeakMap();

const draw = {
    message(element, row) {
        element.classList.toggle("first", row.first);
        element.classList.toggle("mine", row.mine);
        element.dataset.state = row.state;
        if (row.seq) element.dataset.seq = row.seq;
        drawPerson(element.querySelector(".avatar"), row.author);
        drawName(element.querySelector(".author"), row.author);
        drawTime(element.querySelector("time"), row.at);
        element.classList.toggle("deleted", row.deleted);
        element.dataset.nonce = row.nonce ?? "";
        element.querySelector(".signs").textContent = row.signs;
        menus.set(element, row.menu.map((entry) => [entry.action, entry.text]));
        element.dispatchEvent(new Event("menuchange"));
        drawPills(element.querySelector(".pills"), row.reactions ?? []);
        element.querySelector(".text").classList.toggle("large", row.large);
        drawText(element.querySelector(".text"), row.parts);
        drawDelivery(element.querySelector(".delivery"), row);
    },
    day(element, row) {
        const date = new Date(row.at);
        const isThisYear = date.getFullYear() === new Date().getFullYear();
        const words = { today: "Today", yesterday: "Yesterday" };
        const longForm = isThisYear ? dayOfMonth : dayOfYear;
        element.firstElementChild.textContent = words[row.word] ?? longForm.format(date);
    },
    new() {},
    note(element, row) {
        element.firstElementChild.textContent = row.text;
        drawTime(element.querySelector("time"), row.at);
    },
};

function drawRow(element, row) {
    draw[row.kind](element, row);
    return element;
}

export const rowPatches = {
    clear() {
        shown.clear();
        rows.replaceChildren();
    },
    insert(before, row) {
        const element = drawRow(clone(row.kind), row);
        shown.set(row.key, element);
        rows.insertBefore(element, shown.get(before) ?? null);
    },
    update(row) {
        drawRow(shown.get(row.key), row);
    },
    remove(key) {
        shown.get(key).remove();
        shown.delete(key);
    },
    scroll(target) {
        const element = shown.get(target);  // the "New" line; without it, the end
        timeline.scrollTop = element ? element.offsetTop - timeline.clientHeight / 4 : timeline.scrollHeight;
    },
};

// The visible rows and their positions. The first one that survives the patches is put there again: the browser's own
// scroll anchoring fails when many rows change at once, and does not exist in Safari.
function visibleRows() {
    const top = timeline.scrollTop, bottom = top + timeline.clientHeight;
    const visible = (element) => element.offsetTop + element.offsetHeight > top && element.offsetTop < bottom;
    return [...rows.children].filter(visible).map((element) => ({ element, offset: element.offsetTop - top }));
}

// Applies the patches of one frame; returns whether rows changed.
export function applyInPlace(patches, apply) {
    const rowsChange = patches.some(([word]) => word in rowPatches);
    const moves = patches.some(([word]) => word === "scroll");
    const visible = rowsChange && !moves ? visibleRows() : [];
    for (const [word, ...values] of patches) apply[word](...values);
    const anchor = visible.find(({ element }) => element.isConnected);
    if (anchor) timeline.scrollTop = anchor.element.offsetTop - anchor.offset;
    if (rowsChange) knownAbove = timeline.scrollTop;
    return rowsChange;
}

let atEnd = true, knownAbove = 0;

// The newest message whose end is in the visible part.
function newestSeen() {
    const bottom = timeline.scrollTop + timeline.clientHeight + 1;
    const ends = (element) => element.dataset.seq && element.offsetTop + element.offsetHeight <= bottom;
    let last = rows.lastElementChild;
    while (last && !ends(last)) last = last.previousElementSibling;
    return last ? Number(last.dataset.seq) : 0;
}

// Pixels above and below the visible part, the height of that part, how far the person moved since the last call, and
// the newest message that is visible.
export function position() {
    const moved = timeline.scrollTop - knownAbove;
    knownAbove = timeline.scrollTop;
    const above = timeline.scrollTop, height = timeline.clientHeight;
    const below = Math.max(0, timeline.scrollHeight - above - height);
    atEnd = below <= endPx;
    return [above, below, height, moved, newestSeen()];
}

// At most once a frame.
export function onScroll(report) {
    let waiting = false;
    timeline.addEventListener("scroll", () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            report();
        });
    }, { passive: true });
    // A composer that grows, or a keyboard that opens, takes height away. A page at the end stays there.
    new ResizeObserver(() => {
        if (atEnd) timeline.scrollTop = timeline.scrollHeight;
    }).observe(timeline);
}
