// How much is in flight when commits are measured, on the disk as it is and on one that takes 4 ms longer for each
// sync. With spacing 0, so that the disk is measured and not the wait for more answers; the last is as delivered.
const curve = [[1, 1], [2, 1], [8, 1], [32, 1], [128, 1], [128, 4]];  // clients, and the window of each
const disks = {'own disk': 0, '4 ms disk': 4000};                     // microseconds
const promised = {clients: 200, window: 16};

const pointsOn = ([disk, syncUs]) => [
    ...curve.map(([clients, window]) => ({clients, window, spacing: 0, reps: 3})),
    {...promised, spacing: 0},
    {...promised, spacing: 20, note: ', spacing 20'},
].map((point) => ({...point, disk, syncUs, name: `${disk}, ${point.clients * point.window}${point.note ?? ''}`}));

export const commitPoints = Object.entries(disks).flatMap(pointsOn);
