// Every wait of a test has an end, and says what it waited for.
import { once as nodeOnce } from 'node:events';

// How much longer tests wait than for a server at full speed: sanitizers take their time.
export const patience = Number(process.env.PARLEY_PATIENCE ?? 1);

// For what takes moments, on a slow machine that does much else too: whoever waits for one of the server's own limits says
// how long that is.
const waitMsMax = 60_000;

// What `promise` gives, unless that takes longer than `ms`. `detail()` is added to the failure.
export function within(promise, what, { ms = waitMsMax, detail = () => '' } = {}) {
    let timer;
    const limit = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error(`waited ${ms * patience} ms for ${what}, in vain${detail()}`)),
                           ms * patience);
    });
    return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// As node's, with an end.
export function once(emitter, event, { what = `'${event}' of a ${emitter.constructor.name}`, ...limits } = {}) {
    return within(nodeOnce(emitter, event), what, limits);
}

// As the global one, with an end, also to reading the body.
export function fetch(url, options = {}) {
    const limited = { signal: AbortSignal.timeout(waitMsMax * patience), ...options };
    return within(globalThis.fetch(url, limited), `an answer from ${url}`);
}

// Probes until `holds()`, which may be a promise, is true, and gives it.
export async function until(what, holds, { ms = waitMsMax } = {}) {
    const end = performance.now() + ms * patience;
    for (;;) {
        const found = await holds();
        if (found) return found;
        if (performance.now() > end) throw new Error(`waited ${ms * patience} ms for ${what}, in vain`);
        await new Promise((resolve) => setImmediate(resolve));
    }
}
