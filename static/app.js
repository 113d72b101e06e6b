// The page. It applies the patches of the program (C++, compiled to WebAssembly) once a frame, and calls the program for
// everything that the person does. It decides nothing, never reads a frame of the protocol, and writes text as text.
import create from "./parley.js";
import { watchMarkup } from "./composer.js";
import { applyInPlace, menus, onScroll, position, rowPatches } from "./timeline.js";
import { fitComposer, selectTab, topics } from "./topics.js";

const $ = (id) => document.getElementById(id);
const message = $("message");

// Copies a text into the program's memory, to be freed there.
function copyIn(text) {
    const whole = text.toWellFormed ? text.toWellFormed() : text;
    const bytes = program.lengthBytesUTF8(whole) + 1;
    const pointer = program._malloc(bytes);
    program.stringToUTF8(whole, pointer, bytes);
    return pointer;
}

// Calls an export of the program. Texts are copied for the length of the call.
function call(name, ...values) {
    const copies = [];
    const copyFor = (text) => copies[copies.push(copyIn(text)) - 1];
    const result = program["_parley_" + name](...values.map((v) => (typeof v === "string" ? copyFor(v) : v)));
    for (const pointer of copies) program._free(pointer);
    return result;
}

// ---- The functions that the program calls ----

const answerMs = 10_000;  // the longest wait for an answer

// Gives the text and the status of the answer; "" and 0 without an answer.
function post(type, body) {
    const limit = new AbortController();
    setTimeout(() => limit.abort(), answerMs);
    return fetch("api/1/" + type, { method: "POST", headers: { "content-type": "application/json" }, body,
        signal: limit.signal })
        .then(async (response) => [await response.text(), response.status])
        .catch(() => ["", 0]);
}
let firstWhoami = post("whoami", "{}");  // the program's first request, sent while the program still loads

// Stored keys belong to this server: another one may share its host, under another path.
const directory = new URL(".", location.href).pathname;
const scope = directory === "/" ? "" : directory;

function storedKeys(prefix) {
    try {
        return Object.keys(localStorage).filter((key) => key.startsWith(scope + prefix));
    } catch {
        return [];  // Storage is forbidden.
    }
}

let flushing = false;
const page = {
    flushSoon() {
        if (flushing) return;
        flushing = true;
        // A hidden page gets no frames, but its title and announcements still change. A page that is not connected does
        // not wait for a frame either: its first one is the most expensive and would delay the connection.
        const inFrames = !document.hidden && document.body.dataset.connection === "online";
        if (inFrames) requestAnimationFrame(flush);
        else setTimeout(flush, document.hidden ? 100 : 0);
    },
    async post(type, body) {
        const early = type === "whoami" && firstWhoami;
        firstWhoami = null;
        call("posted", type, ...(await (early || post(type, body))));
    },
    store(key, value) {
        try {
            if (value) localStorage.setItem(scope + key, value);
            else localStorage.removeItem(scope + key);
        } catch {
            // Storage is full or forbidden. Unsent messages are lost with the page.
        }
    },
    erase(prefix) {
        for (const key of storedKeys(prefix)) localStorage.removeItem(key);
    },
    keys(prefix) {
        return copyIn(storedKeys(prefix).map((key) => key.slice(scope.length) + "\n").join(""));
    },
    value(key) {
        return copyIn(localStorage.getItem(scope + key) ?? "");
    },
};

const apply = {
    ...rowPatches,
    ...topics,
    me(person) {
        if (person.name !== $("me").textContent) forgetPerson();
        topics.me(person);
    },
    room(next) {
        if (next.name !== room) enterRoom(next.name);
        topics.room(next);
    },
};

function flush() {
    if (!flushing) return;
    flushing = false;
    const patches = JSON.parse(program.UTF8ToString(call("flush")));
    if (applyInPlace(patches, apply)) report();
}

const report = () => call("scrolled", ...position());

// A trap ends the program, for instance a broken `ensure`. Nothing on the page works then.
function sayStopped({ error, reason }) {
    if (!((error ?? reason) instanceof WebAssembly.RuntimeError)) return;
    topics.strip({ text: "Parley has stopped because of a fault. Reload the page to go on.", retry: false });
}
addEventListener("error", sayStopped);
addEventListener("unhandledrejection", sayStopped);

// ---- Rooms: the address, the drawers ----

let room = "";

function roomInAddress() {
    try {
        return decodeURIComponent(location.hash.slice(1));
    } catch {
        return "";
    }
}

// Leaves no typed text for the next person.
function forgetPerson() {
    for (const form of document.querySelectorAll("#door form")) form.reset();
}

let menu = null;  // loaded with the first room
function enterRoom(name) {
    menu ??= import("./actions.js").then(({ watchActions }) => watchActions(act, menus));
    const address = name ? "#" + name : location.pathname;
    if (roomInAddress() !== name) history[room ? "pushState" : "replaceState"](null, "", address);
    room = name;
    showDrawer(null);
    if (matchMedia("(hover: hover)").matches) requestAnimationFrame(() => message.focus());
}

// On narrow pages the room list and the people are drawers, one at a time.
function showDrawer(name) {
    document.body.dataset.drawer = name ?? "";
    $("open-menu").setAttribute("aria-expanded", name === "rooms");
    $("show-people").setAttribute("aria-expanded", name === "people");
    if (name) $(name === "rooms" ? "close-menu" : "close-people").focus();
}

// ---- Coming in and going out ----

function onSubmit(form, action) {
    $(form).addEventListener("submit", (event) => {
        event.preventDefault();
        action(Object.fromEntries(new FormData(event.target)));
    });
}

onSubmit("guest-form", ({ user }) => call("sign_in_guest", user));
onSubmit("sign-in-form", ({ user, password }) => call("sign_in", user, password));
onSubmit("sign-up-form", ({ user, password }) => call("sign_up", user, password));

$("door").addEventListener("input", () => call("edit_form"));
$("tabs").onclick = ({ target }) => {
    if (target.role !== "tab") return;
    selectTab(target.id.slice("tab-".length));
    call("edit_form");
};
$("tabs").onkeydown = ({ key, target }) => {
    const tabs = [...$("tabs").children].filter((tab) => !tab.hidden);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(target) + step + tabs.length) % tabs.length];
    next.click();
    next.focus();
};

$("sign-out").onclick = () => {
    const { question } = $("sign-out").dataset;
    if (!question || confirm(question)) call("sign_out");
};

// ---- Writing ----

function send() {
    if (!call("send", room, message.value)) return;
    message.value = "";
    fitComposer();
}

onSubmit("composer", () => {
    send();
    message.focus();
});
message.oninput = () => {
    fitComposer();
    call("type_text", room, message.value);
};
watchMarkup(message);
message.onfocus = () => call("write", 1);
message.onblur = () => call("write", 0);
// A file that is dropped beside the composer would replace the page.
for (const kind of ["dragover", "drop"])
    addEventListener(kind, (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        if (kind === "drop") call("offer_files");
    });
// Spreadsheets paste a picture beside the text.
message.onpaste = ({ clipboardData }) => {
    if (clipboardData.files.length && !clipboardData.types.includes("text/plain")) call("offer_files");
};
message.onkeydown = (event) => {
    if (event.key === "Escape") call("cancel_edit");
    if (event.key === "ArrowUp" && !message.value) {
        event.preventDefault();
        call("edit_last");
    }
    // Enter belongs to an input method while it composes.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
};

// ---- Rooms and people ----

$("rows").onclick = ({ target }) => {
    const nonce = target.parentElement.dataset.nonce;
    if (target.className === "author") call("open_direct", target.dataset.user);
    else if (nonce && target.className === "retry") call("retry", nonce);
    else if (nonce && target.className === "discard") call("discard", nonce);
};
function act(action, seq, nonce, emoji) {
    if (action === "delete" && !confirm("Delete this message for everybody?")) return;
    call("change", action, seq, nonce, emoji);
}
$("cancel-edit").onclick = () => call("cancel_edit");
$("rooms").addEventListener("click", ({ target }) => {
    const name = target.closest("[data-room]")?.dataset.room;
    if (!name) return;
    showDrawer(null);
    call("show_room", name);
});
$("presence").onclick = ({ target }) => {
    const user = target.closest("[data-user]")?.dataset.user;
    if (user) call("open_direct", user);
};
for (const action of ["star", "mute"]) {
    const button = $(action + "-room");
    button.onclick = () => call(action + "_room", room, button.getAttribute("aria-pressed") === "true" ? 0 : 1);
}
$("theme").onchange = ({ target }) => call("change_setting", "theme", target.value);
$("leave-room").onclick = () => call("leave_room", room);
$("join-room").onclick = () => call("join_room", room);
for (const button of [$("jump"), $("skip-news")])
    button.onclick = () => {
        call("jump_to_latest");
        message.focus();
    };
$("read-news").onclick = () => {
    call("read_all");
    message.focus();
};

$("new-room").onclick = () => call("new_room");
$("new-title").oninput = () => {
    const name = program.UTF8ToString(call("room_name_from", $("new-title").value));
    $("derived-name").textContent = name || "–";
};
onSubmit("new-room-form", ({ title }) => call("create_room", title));
$("existing-room").onclick = ({ target }) => call("show_room", target.dataset.room);

$("browse-rooms").onclick = () => {
    $("filter").value = "";
    call("browse_rooms");
};
$("filter").oninput = () => {
    const wanted = $("filter").value.toLowerCase();
    for (const entry of $("directory").children) entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
};
$("directory").onclick = ({ target }) => {
    if (target.dataset.action) call(target.dataset.action, target.dataset.room);
};
for (const dialog of document.querySelectorAll("dialog")) dialog.onclose = () => call("close_dialog");
for (const button of document.querySelectorAll("[data-close]")) button.onclick = () => button.closest("dialog").close();

$("open-menu").onclick = () => showDrawer("rooms");
$("show-people").onclick = () => showDrawer(document.body.dataset.drawer === "people" ? null : "people");
$("close-menu").onclick = $("close-people").onclick = $("backdrop").onclick = () => showDrawer(null);
document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") showDrawer(null);
});

// ---- The start ----

onScroll(report);
document.addEventListener("visibilitychange", () => {
    call("visible", document.hidden ? 0 : 1);
    if (document.hidden) flush();
    else call("came_back");
});
$("retry").onclick = () => call("came_back");
window.addEventListener("online", () => call("came_back"));
window.addEventListener("hashchange", () => call("show_room", roomInAddress()));
window.addEventListener("popstate", () => call("show_room", roomInAddress()));

const program = await create({ page });
if (getComputedStyle(document.body).display === "flex") $("missing").hidden = true;
if (!navigator.cookieEnabled) call("cookies_refused");
const socketAddress = new URL("ws", location.href);
socketAddress.protocol = location.protocol === "https:" ? "wss:" : "ws:";
call("start", socketAddress.href, roomInAddress());
