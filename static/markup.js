// Draws the text of a message from its pieces (shared/markup). All text goes in as text nodes, and an address leads only
// to the web or to mail, whatever the program says. The words are those of wasm-client/view/patches.hpp.
const schemes = /^(?:https?:\/\/|mailto:)/i;

function element(parent, tag, attributes = {}) {
    const child = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) child.setAttribute(name, value);
    parent.append(child);
    return child;
}

// Each block has the direction of its own first letter; code, addresses and names have no say in it.
const block = (tag) => (parent) => element(parent, tag, { dir: "auto" });
const inline = (tag) => (parent) => element(parent, tag);
const word = (tag, name) => (parent, text) => { element(parent, tag, { class: name, dir: "ltr" }).textContent = text; };

function lead(link, address) {
    if (!schemes.test(address)) return;
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
}

// A piece with pieces inside gives the element that they go into.
const build = {
    // The direction of a quote or an item is that of its text, so that its sign is on the right side.
    paragraph(parent) {
        return element(parent, "p", parent.matches("li, blockquote") ? {} : { dir: "auto" });
    },
    heading1: block("h3"),
    heading2: block("h4"),
    heading3: block("h5"),
    quote: block("blockquote"),
    bullets: inline("ul"),
    numbers: inline("ol"),
    item: block("li"),
    number(parent, text) {
        parent.value = text;
    },
    fence(parent) {
        const box = element(parent, "div", { class: "fence" });
        element(box, "button", { type: "button", class: "copy" }).textContent = "Copy";
        return element(element(box, "pre", { dir: "ltr", tabindex: 0, "aria-label": "Code" }), "code");
    },
    language(parent, text) {
        const label = element(parent.closest(".fence"), "span", { class: "language" });
        label.textContent = text;
        parent.closest(".fence").prepend(label);
    },
    table(parent) {
        return element(element(parent, "div", { class: "sideways", tabindex: 0 }), "table");
    },
    row: inline("tr"),
    cell(parent) {
        const isHeader = !parent.previousElementSibling;
        return element(parent, isHeader ? "th" : "td", { dir: "auto" });
    },
    bold: inline("strong"),
    italic: inline("em"),
    strike: inline("s"),
    spoiler(parent) {
        return element(element(parent, "span", { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Show spoiler" }),
            "span");
    },
    code(parent) {
        return element(parent, "code", { dir: "ltr" });
    },
    link(parent) {
        return element(parent, "a", { dir: "auto" });
    },
    disguised(parent) {
        return element(parent, "a", { dir: "auto", class: "disguised" });
    },
    address(parent, text) {
        lead(parent, text);
        if (parent.className) element(parent, "bdi", { class: "host" }).textContent = ` (${parent.host || parent.pathname})`;
    },
    bare(parent, text) {
        const link = element(parent, "a", { dir: "ltr" });
        link.textContent = text;
        lead(link, text);
    },
    mention: word("span", "mention"),
    room: word("span", "channel"),
    text(parent, text) {
        parent.append(text);
    },
};

const drawn = new WeakMap();  // element -> what it shows: a spoiler that is open stays open

export function drawText(target, parts) {
    const shown = JSON.stringify(parts);
    if (drawn.get(target) === shown) return;
    drawn.set(target, shown);
    target.replaceChildren();
    const around = [target];
    for (let i = 0; i < parts.length; i += 3) {
        const [depth, kind, text] = parts.slice(i, i + 3);
        around.length = depth + 1;
        around.push(build[kind](around[depth], text));
    }
}

function open(spoiler) {
    spoiler.className = "spoiler open";
    for (const name of ["role", "tabindex", "aria-label"]) spoiler.removeAttribute(name);
}

const copiedMs = 2000;

// Without a secure address there is no clipboard to write to: the code is selected, to be copied by key.
async function copy(button) {
    const code = button.parentElement.querySelector("code");
    try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
    } catch {
        getSelection().selectAllChildren(code);
        button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, copiedMs);
}

export function watchText(rows) {
    rows.addEventListener("click", (event) => {
        const spoiler = event.target.closest(".spoiler:not(.open)");
        if (spoiler) {
            event.preventDefault();
            open(spoiler);
        }
        if (event.target.className === "copy") copy(event.target);
    });
    rows.addEventListener("keydown", (event) => {
        const isSpoiler = event.target.matches(".spoiler:not(.open)");
        if (!isSpoiler || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        open(event.target);
    });
}
