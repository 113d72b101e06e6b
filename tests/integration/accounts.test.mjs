// People: accounts, guests, sessions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, Client, freshName, PlainClient } from './clients.mjs';
import { patience, Server } from './server.mjs';
import { until } from './within.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

const password = 'correct horse battery';
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test('sign up, out and in again', async () => {
    const user = freshName();
    const up = await api(server, 'sign_up', { user, password });
    assert.equal((await api(server, 'whoami', {}, bearer(up.body.token))).body.user, user);
    await api(server, 'sign_out', {}, bearer(up.body.token));
    assert.equal((await api(server, 'whoami', {}, bearer(up.body.token))).body.user, undefined);
    const wrong = await api(server, 'sign_in', { user, password: 'wrong horse battery' });
    const unknown = await api(server, 'sign_in', { user: freshName(), password });
    assert.equal(wrong.status, 401);
    assert.deepEqual(wrong.body, unknown.body);
    assert.equal((await api(server, 'sign_in', { user, password })).body.user, user);
});

// As a browser keeps cookies: by host, whatever the port.
class CookieJar {
    cookies = new Map();
    take(headers) {
        for (const line of headers.getSetCookie()) {
            const [, name, value, rest] = line.match(/^([^=]+)=([^;]*)(.*)$/);
            if (/Max-Age=0/.test(rest)) this.cookies.delete(name);
            else this.cookies.set(name, value);
        }
    }
    get headers() {
        return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    }
    async api(server, type, body) {
        const answer = await api(server, type, body, this.headers);
        this.take(answer.headers);
        return answer;
    }
}

test('signing in to a server signs nobody out of another one on the same host', async () => {
    const other = await Server.start();
    try {
        const browser = new CookieJar();
        const user = freshName(), elsewhere = freshName();
        await browser.api(server, 'sign_up', { user, password });
        await browser.api(other, 'sign_up', { user: elsewhere, password });
        assert.equal((await browser.api(server, 'whoami')).body.user, user);
        assert.equal((await browser.api(other, 'whoami')).body.user, elsewhere);
        const connected = await Client.connect(server, { headers: browser.headers });
        assert.equal(connected.welcome.me, user);
        await browser.api(server, 'sign_out');
        assert.equal((await connected.closed).code, 4102);
        assert.equal((await browser.api(server, 'whoami')).body.user, undefined);
        assert.equal((await browser.api(other, 'whoami')).body.user, elsewhere);
    } finally {
        await other.stop();
    }
});

test('the cookie of an earlier version, without a port in its name, is taken over', async () => {
    const user = freshName();
    const { body } = await api(server, 'sign_up', { user, password });
    const browser = new CookieJar();
    browser.cookies.set('parley_session', body.token);
    assert.equal((await browser.api(server, 'whoami')).body.user, user);
    assert.deepEqual([...browser.cookies], [[`parley_session_${server.port}`, body.token]]);
    browser.cookies.set('parley_session', body.token);
    await browser.api(server, 'sign_out');
    assert.deepEqual([...browser.cookies], []);
});

test('sessions are listed and revoked one by one', async () => {
    const user = freshName();
    const first = await api(server, 'sign_up', { user, password });
    const second = await api(server, 'sign_in', { user, password });
    const { sessions } = (await api(server, 'list_sessions', {}, bearer(first.body.token))).body;
    assert.equal(sessions.length, 2);
    const other = sessions.find((one) => !one.current).session;
    const connected = await Client.connect(server, { token: second.body.token });
    assert.equal((await api(server, 'revoke_session', { session: other }, bearer(first.body.token))).status, 200);
    assert.equal((await connected.closed).code, 4102);
    assert.equal((await api(server, 'revoke_session', { session: other }, bearer(first.body.token))).status, 404);
    assert.equal((await api(server, 'whoami', {}, bearer(first.body.token))).body.user, user);
});

test('a guest has a free name; it is free again after signing out', async () => {
    const user = freshName('guest');
    const first = await api(server, 'sign_in_guest', { user });
    assert.equal((await api(server, 'sign_in_guest', { user })).body.code, 'conflict');
    await assert.rejects(PlainClient.connect(server, `/ws?name=${user}`), /409|403/);
    await api(server, 'sign_out', {}, bearer(first.body.token));
    assert.equal((await api(server, 'sign_in_guest', { user })).status, 200);
});

test('a guest is seen to be one, whatever the name: no account speaks under it', async () => {
    const user = freshName();
    await api(server, 'sign_up', { user, password });
    const { body } = await api(server, 'sign_in_guest', { user });
    assert.equal(body.user, '~' + user);
    const guest = await Client.connect(server, { token: body.token });
    assert.equal(guest.welcome.me, '~' + user);
    const plain = await PlainClient.connect(server);
    await guest.say('lobby', 'I am not the account');
    assert.equal(await plain.until((line) => line.endsWith('the account')), `~${user}: I am not the account`);
    for (const reserved of ['guest', 'parley', 'all']) {
        assert.equal((await api(server, 'sign_up', { user: reserved, password })).body.code, 'conflict');
        assert.equal((await api(server, 'sign_in_guest', { user: reserved })).body.code, 'conflict');
        await assert.rejects(PlainClient.connect(server, `/ws?name=${reserved}`), /409/);
    }
});

test('a new name begins and ends with a letter or digit, and has no two signs in a row', async () => {
    for (const user of ['.ann', 'ann-', 'an..n', 'an._n']) {
        const refused = await api(server, 'sign_up', { user, password });
        assert.deepEqual([refused.status, refused.body.code, refused.body.field], [400, 'bad_field', 'user'], user);
        assert.equal((await api(server, 'sign_in_guest', { user })).body.code, 'bad_field');
        await assert.rejects(PlainClient.connect(server, `/ws?name=${user}`), /400/);
    }
});

test('who bears a guest\'s former name on one connection sees none of its rooms and marks', async () => {
    const user = freshName(), room = freshName('room');
    const first = await Client.guest(server, user);
    assert.equal((await first.ask('create_room', { room })).type, 'ok');
    await api(server, 'sign_out', {}, bearer(first.token));
    const later = await Client.connect(server, { path: `/ws?name=${user}` });
    assert.equal(later.welcome.me, '~' + user);
    assert.deepEqual(later.welcome.rooms.map((one) => [one.room, one.joined]), [['lobby', false]]);
    assert.equal((await later.ask('mark', { room, seq: 1 })).code, 'forbidden');
});

test('an unnamed guest cannot look as if somebody with a name spoke', async () => {
    const [one, two] = [await PlainClient.connect(server), await PlainClient.connect(server)];
    one.say('ann: I quit');
    assert.equal(await two.until((line) => line.endsWith('I quit')), '~guest: ann: I quit');
    one.say('note: I quit not');
    one.say('just so');
    assert.equal(await two.until((line) => line.endsWith('so')), 'just so');
});

test('without guests there is no way in but an account', async () => {
    const closed = await Server.start(['--guests', 'off']);
    try {
        assert.equal((await api(closed, 'whoami')).body.guests, false);
        assert.equal((await api(closed, 'sign_in_guest', { user: 'ann' })).status, 403);
        const plain = await PlainClient.connect(closed);
        assert.equal((await plain.closed).code, 4101);
        const json = await Client.connect(closed, { hello: false });
        assert.equal((await json.closed).code, 4101);
        const { body } = await api(closed, 'sign_up', { user: 'ann', password });
        const named = await PlainClient.connect(closed, '/ws', { headers: bearer(body.token) });
        named.say('hello');
        await named.until((m) => m === 'ann: hello');
    } finally {
        await closed.stop();
    }
});

// As a proxy on this machine names its client.
const from = (address) => ({ 'x-forwarded-for': address });
const signIn = (user, secret, headers) => api(server, 'sign_in', { user, password: secret }, headers);

async function guessUntilRefused(user, address) {
    for (let i = 0; i < 12; i++) {
        const answer = await signIn(user, `guess number ${i}`, from(address));
        if (answer.status === 429) return answer;
        assert.equal(answer.status, 401);
    }
    return assert.fail('twelve guesses were taken');
}

test('guessing passwords is refused where it comes from, and keeps the owner out nowhere else', async () => {
    const user = freshName();
    const first = await api(server, 'sign_up', { user, password }, from('198.51.100.1'));
    const refused = await guessUntilRefused(user, '203.0.113.1');
    assert.ok(refused.body.retry_ms > 0 && refused.body.retry_ms <= 60_000);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal((await signIn(user, password, from('203.0.113.2'))).status, 200);
    // Beside the attacker only the device that has signed in before is let through.
    assert.equal((await signIn(user, password, from('203.0.113.1'))).status, 429);
    const device = first.headers.getSetCookie().find((line) => line.startsWith('parley_device_')).split(';')[0];
    assert.equal((await signIn(user, password, { ...from('203.0.113.1'), cookie: device })).status, 200);
    assert.equal((await signIn(freshName(), password, { ...from('203.0.113.1'), cookie: device })).status, 401);
});

test('guesses from fifty addresses at once keep neither the owner out nor anybody else', async () => {
    const user = freshName(), other = freshName();
    for (const name of [user, other]) await api(server, 'sign_up', { user: name, password });
    const signInMs = async (name) => {
        const began = performance.now();
        const answer = await signIn(name, password, from(`198.51.100.${name === user ? 1 : 2}`));
        assert.equal(answer.status, 200, answer.body.message);
        return performance.now() - began;
    };
    const aloneMs = await signInMs(user);
    let flooding = true, tried = 0;
    const attackers = Array.from({ length: 50 }, async (_, i) => {
        while (flooding) if ((await signIn(user, 'wrong horse', from(`192.0.2.${i}`))).status === 401) tried += 1;
    });
    try {
        await until('20 guesses to be tried', () => tried >= 20);
        // One guess from each address goes first, at most.
        for (const name of [user, other, user]) {
            const ms = await signInMs(name);
            assert.ok(ms < 10_000 * patience + 2 * 50 * aloneMs, `signed in after ${ms} ms, without a flood ${aloneMs} ms`);
        }
    } finally {
        flooding = false;
        await Promise.all(attackers);
    }
});

test('hashing passwords delays nobody who talks', async () => {
    const client = await Client.guest(server);
    const hashing = Promise.all(Array.from({ length: 6 }, () => api(server, 'sign_up', { user: freshName(), password })));
    let pings = 0;
    const until = hashing.then(() => 'hashed');
    while ((await Promise.race([until, client.ask('ping')])) !== 'hashed') pings += 1;
    assert.ok(pings > 20, `only ${pings} pings were answered meanwhile`);
});
