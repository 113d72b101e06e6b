// Says what is missing when the page cannot start. It is a plain script that needs no other file, so it runs where
// those fail.
(() => {
    const missing = document.getElementById("missing"), [words, again] = missing.children;
    const slowMs = 4000, reloadMs = 10_000;
    const runs = () => document.body.dataset.connection;  // the program has drawn, and shows its own texts
    again.onclick = () => location.reload();

    function say(text, reloads) {
        if (runs() || !missing.hidden && !reloads) return;
        words.textContent = text;
        missing.hidden = false;
        // Perhaps the server was being replaced. The time is random, so that many pages do not come at once.
        if (reloads) setTimeout(() => runs() || location.reload(), reloadMs * (1 + Math.random()));
    }

    function failed(file) {
        // The program itself reports failures of /api/.
        const broken = performance.getEntriesByType("resource")
            .find(({ name, responseStatus, decodedBodySize }) => !name.includes("/api/") &&
                (responseStatus >= 400 || responseStatus === 0 && !decodedBodySize))
            ?.name ?? file ?? "a file";
        say(`Parley cannot start: ${broken.split("/").pop()} could not be loaded. If reloading does not help, something ` +
            "blocks it: allow this site in your browser's extensions, or show this line to the administrator.", true);
    }

    if (typeof WebAssembly !== "object")
        return say("Parley needs WebAssembly, which this browser lacks or has switched off. Allow it in the browser's " +
            "settings, or use a current Firefox, Chrome, Edge or Safari.");
    if (getComputedStyle(document.body).display !== "flex") failed("style.css");
    addEventListener("error", ({ target }) => failed(target.src), true);
    addEventListener("unhandledrejection", () => failed());
    setTimeout(() => say("Loading takes longer than usual: the connection is slow, or something delays a file."), slowMs);
})();
