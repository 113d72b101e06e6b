// How much is in flight when commits are measured, on the disk as it is and on one that takes 4 ms longer for each sync.
// With spacing 0, so that the disk is measured and not the wait for more answers; the last of each is as delivered.
const points = { 1: [1, 1], 2: [2, 1], 8: [8, 1], 32: [32, 1], 128: [128, 1], 512: [128, 4], 3200: [200, 16] };
const disks = { 'own disk': 0, '4 ms disk': 4000 };

export const commitPoints = Object.entries(disks).flatMap(([disk, syncUs]) => [
    ...Object.entries(points).map(([inFlight, [clients, window]]) => ({ name: `${disk}, ${inFlight}`, disk, clients, window, syncUs, spacing: 0 })),
    { name: `${disk}, 3200, spacing 20`, disk, clients: 200, window: 16, syncUs, spacing: 20 }]);
