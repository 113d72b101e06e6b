// /metrics is valid, and its figures are those of what happened; the probes say what is so.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { api, Client, freshNonce, PlainClient } from './clients.mjs';
import { assertGrows, readExposition } from './exposition.mjs';
import { runToEnd, Server } from './server.mjs';
import { fetch, until } from './within.mjs';

let server;
before(async () => { server = await Server.start(['--shards', '2']); });
after(() => server.stop());

async function scrape() {
    const response = await fetch(server.url + '/metrics');
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    return readExposition(await response.text());
}

// Until the figures are there: those of one shard are read by another.
async function scrapeUntil(matches) {
    let read;
    await until(`the figures to be so: ${matches}`, async () => matches(read = await scrape()));
    return read;
}

const requests = (type, outcome) => `parley_requests_total{type="${type}",outcome="${outcome}"}`;
const speaking = (kind) => `parley_connections{speaks="${kind}"}`;

test('metrics are for this machine, and for those whom --metrics-from names', async () => {
    const status = async (of, headers = {}) => (await fetch(of.url + '/metrics', { headers })).status;
    const folder = mkdtempSync(join(tmpdir(), 'parley-metrics-')), file = join(folder, 'token');
    writeFileSync(file, 'a-token-for-metrics\n');
    const open = await Server.start(['--metrics-from', '10.0.0.0/8', '--metrics-from', `token:${file}`]);
    try {
        assert.equal(await status(server), 200);
        for (const headers of [{ 'x-forwarded-for': '127.0.0.1' }, { via: '1.1 proxy' }, { 'x-forwarded-for': '10.1.2.3' }])
            assert.equal(await status(server, headers), 403, JSON.stringify(headers));
        assert.equal(await status(open, { 'x-forwarded-for': '10.1.2.3' }), 200);
        assert.equal(await status(open, { 'x-forwarded-for': '11.1.2.3' }), 401);
        assert.equal(await status(open, { 'x-forwarded-for': '11.1.2.3', authorization: 'Bearer a-token-for-metrics' }), 200);
        assert.equal((await fetch(server.url + '/healthz', { headers: { via: '1.1 proxy' } })).status, 200);
        assert.ok(!open.log.includes('a-token-for-metrics'));
    } finally {
        await open.stop();
        rmSync(folder, { recursive: true });
    }
    const { code, stderr } = await runToEnd(['--listen', '127.0.0.1:0', '--metrics-from', 'token:/nonexistent/token']);
    assert.equal(code, 1);
    assert.match(stderr, /--metrics-from.*\/nonexistent\/token/);
});

test('a known exchange is counted, and nothing goes down', async () => {
    const first = await scrape();
    const [ann, bob] = [await Client.guest(server), await Client.guest(server)];
    for (const one of [ann, bob]) await one.ask('subscribe', { room: 'lobby' });
    const start = await scrape();
    const nonce = freshNonce();
    for (let i = 0; i < 3; i++) assert.equal((await ann.say('lobby', `line ${i}`, i ? undefined : nonce)).type, 'ok');
    assert.equal((await ann.say('lobby', 'other words', nonce)).code, 'conflict');
    assert.equal((await ann.ask('no_such_type')).code, 'unsupported');
    for (const one of [ann, bob]) await one.hears('lobby', 'line 2');
    const bearer = { authorization: `Bearer ${ann.token}` };
    assert.equal((await api(server, 'send', { room: 'lobby', nonce: freshNonce() }, bearer)).status, 400);
    assert.equal((await api(server, 'list_rooms', {}, bearer)).status, 200);
    assert.equal((await api(server, 'whoami', {}, bearer)).status, 200);
    assert.equal((await api(server, 'history', { room: 'lobby' })).status, 401);
    assert.equal((await api(server, 'nothing', {})).status, 404);
    // A delivery is counted after it was written.
    const deliveries = 'parley_deliveries_total';
    const end = await scrapeUntil((now) => now.value(deliveries) >= start.value(deliveries) + 6);
    const grown = (key) => end.value(key) - start.value(key);
    assert.equal(grown(requests('send', 'ok')), 3);
    assert.equal(grown(requests('send', 'conflict')), 1);
    assert.equal(grown(requests('send', 'bad_field')), 1);
    assert.equal(grown(requests('list_rooms', 'ok')), 1);
    assert.equal(grown(requests('whoami', 'ok')), 1);
    assert.equal(grown(requests('history', 'unauthenticated')), 1);
    assert.equal(grown(requests('unknown', 'unsupported')), 2);
    assert.equal(grown(deliveries), 6);
    assert.equal(grown('parley_events_total'), 3);
    assert.equal(grown('parley_http_responses_total{code="400"}'), 1);
    assert.equal(grown('parley_http_responses_total{code="401"}'), 1);
    assert.equal(grown('parley_http_responses_total{code="404"}'), 1);
    assert.equal(start.value('parley_http_responses_total{code="101"}'), 2);
    assert.equal(grown('parley_commit_commands_sum'), grown('parley_commands_total'));
    assert.ok(grown('parley_written_bytes_total') > 0);
    assert.ok(grown('parley_writes_total') > 0);
    assertGrows(first, start);
    assertGrows(start, end);
    await Promise.all([ann.close(), bob.close()]);
});

test('connections are counted by what they speak', async () => {
    const open = [await Client.guest(server), await PlainClient.connect(server), await PlainClient.connect(server, '/echo')];
    // Those of earlier tests go when the server notices.
    const read = await scrapeUntil((now) => ['parley', 'plain', 'echo'].every((kind) => now.value(speaking(kind)) === 1));
    assert.ok(read.value(speaking('http')) >= 1);
    await Promise.all(open.map((one) => one.close()));
    await scrapeUntil((now) => ['parley', 'plain', 'echo'].every((kind) => now.value(speaking(kind)) === 0));
});

test('lines of plain text are counted too', async () => {
    const start = await scrape();
    const plain = await PlainClient.connect(server, '/ws?room=counted');
    plain.say('a line');
    await plain.until((m) => m === 'a line');
    plain.say('x'.repeat(20_000));
    await plain.until((m) => m.startsWith('parley: '));
    const end = await scrapeUntil((now) => now.value(requests('plain', 'ok')) > start.value(requests('plain', 'ok')));
    assert.equal(end.value(requests('plain', 'too_large')) - start.value(requests('plain', 'too_large')), 1);
    await plain.close();
});

test('the largest queue of a connection is remembered', async () => {
    const echo = await PlainClient.connect(server, '/echo');
    echo.say('x'.repeat(60_000));
    await echo.until((m) => m.length === 60_000);
    assert.ok((await scrape()).value('parley_outbox_high_water_bytes') >= 60_000);
    await echo.close();
});

test('the loops, the queues and the process are watched', async () => {
    const read = await scrapeUntil((now) => now.value('parley_event_loop_lag_seconds_count') >= 4);
    for (const queue of ['ledger_commands', 'ledger_queries', 'passwords', 'mailboxes'])
        assert.ok(read.seen.has(`parley_waiting{queue="${queue}"}`), queue);
    assert.ok(read.value('process_resident_memory_bytes') > 1e6);
    assert.ok(read.value('process_open_fds') > 5);
    assert.ok(read.value('process_max_fds') >= read.value('process_open_fds'));
    assert.ok(read.value('process_cpu_seconds_total') > 0);
    assert.ok(Math.abs(read.value('process_start_time_seconds') - Date.now() / 1000) < 600);
    assert.equal(read.families.get('parley_build_info').samples[0].value, 1);
    assert.match(read.families.get('parley_build_info').samples[0].labels.version, /^\d+\.\d+\.\d+/);
    assert.equal(read.value('parley_ledger_healthy'), 1);
});

test('probes are never cached and take HEAD', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
        const response = await fetch(server.url + path, { method: 'HEAD' });
        assert.equal(response.status, 200, path);
        assert.equal(response.headers.get('cache-control'), 'no-store', path);
        assert.ok(Number(response.headers.get('content-length')) > 0);
        assert.equal((await fetch(server.url + path, { method: 'POST' })).status, 405);
    }
    assert.equal(await (await fetch(server.url + '/readyz')).text(), 'ready\n');
});
