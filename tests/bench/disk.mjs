// How long the disk takes to keep what it was given: the median of 100 times writing 20 KiB, about a small commit, and
// fdatasync. In the directory where the server under measurement keeps its data.
import {closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync} from 'node:fs';
import {join} from 'node:path';

const times = 100, bytes = Buffer.alloc(20 * 1024, 1), inMemory = 0x01021994;

// Milliseconds.
export function syncTime(folder) {
    const path = join(folder, 'sync-time'), file = openSync(path, 'w');
    for (let i = 0; i < times; i++) writeSync(file, bytes, 0, bytes.length, i * bytes.length);
    fdatasyncSync(file);
    const took = [];
    for (let i = 0; i < times; i++) {
        const from = performance.now();
        writeSync(file, bytes, 0, bytes.length, i * bytes.length);
        fdatasyncSync(file);
        took.push(performance.now() - from);
    }
    closeSync(file);
    rmSync(path);
    return took.sort((a, b) => a - b)[times / 2];
}

export const isInMemory = (folder) => statfsSync(folder).type === inMemory;
