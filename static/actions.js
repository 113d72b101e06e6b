// The menu of a message: one toolbar that moves to the message under the pointer, or to the one that has the focus.
// It goes with a message that leaves the page, and comes back with the next one.
const rows = document.getElementById("rows"), actions = document.getElementById("actions");
const quick = document.getElementById("quick"), offered = document.getElementById("offered");
const quickReactions = ["👍", "🎉", "😂", "😍", "👀", "✅"];

for (const emoji of quickReactions) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.emoji = button.textContent = emoji;
    button.setAttribute("aria-label", "React with " + emoji);
    quick.append(button);
}

const messageOf = (element) => element.closest?.("#rows > [data-kind=message]");

function buttonFor([action, text]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.dataset.action = action;
    button.textContent = text;
    return button;
}

let menus, drawn;

function show(message) {
    const menu = message ? menus.get(message) : [];
    actions.hidden = menu.length === 0;
    if (actions.hidden || (actions.parentElement === message && drawn === menu)) return;
    drawn = menu;
    quick.hidden = !menu.some(([action]) => action === "react");
    const focused = offered.contains(document.activeElement) && document.activeElement.dataset.action;
    offered.replaceChildren(...menu.filter(([, text]) => text).map(buttonFor));
    if (actions.parentElement !== message) message.append(actions);
    if (focused) offered.querySelector(`[data-action="${focused}"]`)?.focus();
}

// Tab reaches one message; the arrows go from there.
function focusMessage(message) {
    for (const other of rows.querySelectorAll("[data-kind=message][tabindex='0']")) other.tabIndex = -1;
    message.tabIndex = 0;
    message.focus();
}

// `act` gets the name of an action, the seq and the nonce of the message, and an emoji. `menusOfMessages`: those of
// timeline.js, which must not be loaded a second time for this file.
export function watchActions(act, menusOfMessages) {
    menus = menusOfMessages;
    rows.addEventListener("pointerover", ({ target, pointerType }) => {
        if (pointerType !== "touch" && !actions.contains(target)) show(messageOf(target));
    });
    rows.addEventListener("pointerleave", () => {
        if (!actions.contains(document.activeElement)) show(null);
    });
    rows.addEventListener("focusin", ({ target }) => {
        if (!actions.contains(target)) show(messageOf(target));
    });
    // What a button says is what it does: "Pin" until somebody else pins.
    rows.addEventListener("menuchange", ({ target }) => {
        if (!actions.hidden && actions.parentElement === target) show(target);
    }, true);
    // A long press opens the menu on touch screens.
    rows.addEventListener("contextmenu", (event) => {
        if (!matchMedia("(pointer: coarse)").matches) return;
        event.preventDefault();
        show(messageOf(event.target));
    });
    rows.addEventListener("click", ({ target }) => {
        const message = messageOf(target), { emoji, action } = target.dataset;
        if (!message || !(emoji || action)) return;
        const { seq, nonce } = message.dataset;
        act(action ?? "react", Number(seq ?? 0), seq ? "" : nonce, emoji ?? "");
        if (actions.contains(target)) show(null);
    });
    document.getElementById("timeline").addEventListener("keydown", (event) => {
        const messages = [...rows.querySelectorAll("[data-kind=message]")];
        const here = messages.indexOf(messageOf(event.target));
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (event.key === "Enter" && event.target.id === "timeline" && messages.length) focusMessage(messages.at(-1));
        if (here < 0 || !step || actions.contains(event.target)) return;
        event.preventDefault();
        const next = messages[here + step];
        if (next) focusMessage(next);
    });
}
