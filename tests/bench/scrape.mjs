// The counters of /metrics that are put beside a measurement.
const counters = {
    commits: 'parley_commits_total',
    commands: 'parley_commands_total',
    commit_seconds: 'parley_commit_seconds_sum'
};
const refusals = /^parley_requests_total\{type="(?:send|plain)",outcome="(?!ok")[^"]*"\} (\d+)$/gm;

export async function scrape(port) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    const found = [...text.matchAll(refusals)].map((match) => Number(match[1]));
    return {
        ...Object.fromEntries(Object.entries(counters).map(([short, name]) => [short, value(name)])),
        refused: found.reduce((sum, one) => sum + one, 0)
    };
}
