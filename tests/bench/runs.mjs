// All that was measured, and its medians. Ratios are taken within a repetition, where both sides met the same machine.
export const median = (values) => {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b), half = sorted.length / 2;
    return sorted.length % 2 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
};

// What the server refused was never taken, and so is not lost.
export const lost = (line) => (line.lost ?? 0) - (line.refused ? line.refused * line.members : 0);

const reader = (figure) => (typeof figure === 'function' ? figure : (line) => line[figure]);

export class Runs {
    constructor(lines) { this.lines = lines; }

    of(workload, peer) {
        return this.lines.filter((one) => one.workload === workload && one.peer === peer && !one.error);
    }
    has(workload, ...peers) { return peers.every((peer) => this.of(workload, peer).length > 0); }
    peers(workload) {
        return [...new Set(this.lines.filter((one) => one.workload === workload).map((one) => one.peer))];
    }
    values(workload, peer, figure) { return this.of(workload, peer).map(reader(figure)); }
    median(workload, peer, figure) { return median(this.values(workload, peer, figure)); }
    sum(workload, peer, figure) { return this.values(workload, peer, figure).reduce((sum, one) => sum + one, 0); }
    most(workload, peer, figure) { return Math.max(...this.values(workload, peer, figure)); }

    // Of a and b, each [workload, peer]: what `act` makes of their lines of the same repetition.
    pairs(a, b, act) {
        const theirs = this.of(...b);
        return this.of(...a).flatMap(
            (one) => theirs.filter((other) => other.rep === one.rep).map((other) => act(one, other)));
    }
    ratio(a, b, figure) {
        const read = reader(figure);
        return median(this.pairs(a, b, (one, other) => read(one) / read(other)));
    }
}
