// Draws everything around the timeline. A topic comes as a whole whenever it changed. Elements that stay keep the focus.
// The words of topics and fields are those of wasm-client/view/patches.hpp; tests/tidy compares them.
import { drawName, drawPerson, momentOf } from "./timeline.js";

const $ = (id) => document.getElementById(id);

// Brings a list to the given entries.
function drawList(list, entries, template, fill) {
    const old = new Map([...list.children].map((element) => [element.dataset.key, element]));
    const wanted = entries.map((entry) => {
        const element = old.get(entry.name) ?? $(template).content.firstElementChild.cloneNode(true);
        element.dataset.key = entry.name;
        fill(element, entry);
        return element;
    });
    wanted.forEach((element, i) => {
        if (list.children[i] !== element) list.insertBefore(element, list.children[i] ?? null);
    });
    while (list.children.length > wanted.length) list.lastElementChild.remove();
}

function drawRoom(element, entry) {
    const button = element.firstElementChild, [sign, title, draft, mutedSign, unread] = button.children;
    button.dataset.room = entry.name;
    if (entry.open) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    button.classList.toggle("has-unread", entry.unread > 0 && !entry.muted);
    button.classList.toggle("muted", entry.muted);
    draft.hidden = !entry.draft;
    mutedSign.hidden = !entry.muted;
    sign.className = entry.direct ? "avatar" : "sign";
    if (entry.direct) drawPerson(sign, entry.person);
    else sign.textContent = "#";
    title.textContent = entry.title;
    unread.hidden = entry.unread === 0;
    unread.textContent = entry.unread > 99 ? "99+" : entry.unread;
    unread.setAttribute("aria-label", entry.unread + " unread");
}

function drawPresent(element, person) {
    const button = element.firstElementChild, [avatar, name] = button.children;
    drawPerson(avatar, person);
    drawName(name, person);
    button.dataset.user = name.dataset.user;
}

function drawListed(element, entry) {
    const [about, button] = element.children;
    about.children[0].textContent = entry.title;
    about.children[1].textContent = "#" + entry.name;
    element.hidden = !element.textContent.toLowerCase().includes($("filter").value.toLowerCase());
    button.textContent = entry.joined ? "Open" : "Join";
    button.className = entry.joined ? "quiet" : "primary";
    button.setAttribute("aria-label", `${button.textContent} ${entry.title}`);
    button.dataset.room = entry.name;
    button.dataset.action = entry.joined ? "show_room" : "join_room";
}

export function selectTab(name) {
    for (const tab of $("tabs").children) {
        const selected = tab.id === "tab-" + name;
        tab.setAttribute("aria-selected", selected);
        tab.tabIndex = selected ? 0 : -1;
        $(tab.getAttribute("aria-controls")).hidden = !selected;
    }
}

export function fitComposer() {
    const message = $("message");
    message.style.height = "";
    if (message.value) message.style.height = message.scrollHeight + "px";
}

function showText(id, text) {
    $(id).textContent = text;
    $(id).hidden = !text;
}

const emptyTexts = {
    none: ["No room is open", "Browse the rooms of this server, or create one."],
    room: ["This is the beginning", "Nobody has written here yet. Say hello."],
    direct: ["This is private", "Only the people of this conversation can read it."],
};

const toastMs = 6000;
let toastTimer = 0;

export const topics = {
    view(view) {
        document.body.dataset.view = view;
        if (view === "sign-in") document.querySelector("#door form:not([hidden]) input")?.focus();
    },
    form({ guests, busy, problem }) {
        if ($("tab-guest").hidden === guests) selectTab(guests ? "guest" : "sign-in");
        $("tab-guest").hidden = !guests;
        for (const button of document.querySelectorAll("#door .primary")) button.disabled = busy;
        showText("problem", problem);
    },
    me(person) {
        drawName($("me"), person);
        drawPerson($("my-avatar"), person);
    },
    rooms(entries) {
        const starred = entries.filter((entry) => entry.starred);
        const others = entries.filter((entry) => !entry.starred);
        const direct = others.filter((entry) => entry.direct);
        drawList($("starred-rooms"), starred, "t-room", drawRoom);
        drawList($("public-rooms"), others.filter((entry) => !entry.direct), "t-room", drawRoom);
        drawList($("direct-rooms"), direct, "t-room", drawRoom);
        $("starred-section").hidden = starred.length === 0;
        $("direct-section").hidden = direct.length === 0;
    },
    room({ name, title = "", direct, joined, starred, muted }) {
        $("room-title").textContent = title;
        $("room-name").textContent = direct || !name || name === title ? "" : "#" + name;
        $("timeline").setAttribute("aria-label", "Messages in " + title);
        $("composer").hidden = !joined;
        $("join-bar").hidden = joined !== false;
        $("join-bar").firstElementChild.textContent =
            direct ? "You closed this conversation." : `You're viewing #${name}.`;
        $("leave-room").hidden = $("star-room").hidden = $("mute-room").hidden = !joined;
        $("star-room").setAttribute("aria-pressed", !!starred);
        $("mute-room").setAttribute("aria-pressed", !!muted);
        $("leave-room").title = direct ? "Close conversation" : "Leave this room";
        $("leave-room").setAttribute("aria-label", $("leave-room").title);
        $("message").placeholder = "Message " + title;
    },
    empty(word) {
        const [headline, detail] = emptyTexts[word] ?? ["", ""];
        $("empty").hidden = !word;
        $("empty").children[0].textContent = headline;
        $("empty").children[1].textContent = detail;
    },
    news({ unread, at }) {
        $("news").hidden = !unread;
        $("news-text").textContent = `${unread} new` + (at ? ` since ${momentOf(at)}` : "");
    },
    jump({ shown, unread }) {
        const news = unread === 1 ? "1 new message" : `${unread} new messages`;
        $("jump").hidden = !shown;
        $("jump").lastElementChild.textContent = unread ? news : "Jump to latest";
    },
    typing(text) {
        $("typing").textContent = text;
    },
    presence({ online, people }) {
        $("online-count").textContent = online || "";
        drawList($("presence"), people, "t-person", drawPresent);
        $("more-people").textContent = online > people.length ? `and ${online - people.length} more` : "";
    },
    directory({ text, rooms }) {
        drawList($("directory"), rooms, "t-listed", drawListed);
        $("directory-state").textContent = text;
    },
    // A dialog closes when the server has agreed. Only then is the text in it no longer needed.
    dialog(name) {
        for (const dialog of document.querySelectorAll("dialog")) {
            const wanted = dialog.id === name + "-dialog";
            if (wanted && !dialog.open) dialog.showModal();
            if (wanted || !dialog.open) continue;
            dialog.close();
            $("new-room-form").reset();
            $("derived-name").textContent = "–";
        }
    },
    newRoom({ busy, problem, existing }) {
        $("create-room").disabled = busy;
        showText("new-room-problem", problem);
        $("new-title").setAttribute("aria-invalid", !!problem);
        showText("existing-room", existing && "Open #" + existing);
        $("existing-room").dataset.room = existing;
    },
    composer({ text }) {
        $("message").value = text;
        fitComposer();
    },
    editor({ shown, text }) {
        $("editor").hidden = !shown;
        $("editor-text").textContent = text;
        if (shown) $("message").focus();
    },
    note(text) {
        showText("note", text);
    },
    elsewhere(unread) {
        showText("elsewhere", unread > 99 ? "99+" : unread || "");
        $("open-menu").setAttribute("aria-label", "Open the room list" + (unread ? `, ${unread} unread` : ""));
    },
    signOut(question) {
        $("sign-out").dataset.question = question;
    },
    strip({ text, retry, seconds }) {
        $("strip").hidden = !text;
        $("strip-text").textContent = text;
        $("countdown").textContent = !retry ? "" : seconds > 1 ? `Retrying in ${seconds} s` : "Retrying…";
        $("retry").hidden = !retry;
    },
    alert({ text }) {
        showText("toast", text);
        clearTimeout(toastTimer);
        toastTimer = setTimeout(() => {
            $("toast").hidden = true;
        }, toastMs);
    },
    announce(text) {
        const line = document.createElement("p");
        line.textContent = text;
        $("announcer").append(line);
        while ($("announcer").children.length > 5) $("announcer").firstElementChild.remove();
    },
    // The styles know light and dark. Any other choice leaves it to the system.
    theme(choice) {
        document.documentElement.dataset.theme = choice;
        $("theme").value = choice;
        if ($("theme").selectedIndex < 0) $("theme").value = "";
    },
    title(text) {
        document.title = text;
    },
    connection(state) {
        document.body.dataset.connection = state;
        $("link-state").textContent = { online: "Online", connecting: "Connecting…", offline: "Offline" }[state];
    },
};
