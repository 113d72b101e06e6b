// Lines of what was measured, each with the limit it is held to.
let missed = 0;

export function report(what, value, unit, limit, holds) {
    if (!holds) missed += 1;
    console.log(`${holds ? 'ok    ' : 'MISSED'} ${what.padEnd(52)} ${String(value).padStart(8)} ${unit.padEnd(5)} (${limit})`);
}

// The exit status: 1 when a limit was missed.
export const status = () => (missed > 0 ? 1 : 0);
