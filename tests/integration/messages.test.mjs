// Messages that change after they were sent: edited, deleted and reacted to by two people over real sockets, over HTTP,
// and across a kill of the server. What a person has read is told to every device of theirs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, Client, freshName, freshNonce, PlainClient } from './clients.mjs';
import { Server } from './server.mjs';

let server;
before(async () => { server = await Server.start(['--send-burst', '0']); });
after(() => server.stop());

const bearer = (client) => ({ authorization: `Bearer ${client.token}` });
const change = (client, type, room, target, fields) => client.ask(type, { room, target, nonce: freshNonce(), ...fields });
const okSeq = (answer) => {
    assert.equal(answer.type, 'ok', JSON.stringify(answer));
    return answer.seq;
};
const hearsOf = (client, room, seq) => client.hearsOf(room, (event) => event.seq === seq, `event ${seq} of ${room}`);
const live = (client, room, seq) => client.events(room).find((event) => event.seq === seq);
const newest = async (client, room, limit = 1) => (await client.ask('history', { room, limit })).events;

// A room of two accounts who have it open, in which ann has said something.
async function talk(text = 'first', at = server) {
    const [ann, bob] = [await Client.account(at), await Client.account(at)], room = freshName('room');
    okSeq(await ann.ask('create_room', { room }));
    okSeq(await bob.ask('join', { room }));
    for (const one of [ann, bob]) await one.ask('subscribe', { room });
    return { ann, bob, room, said: okSeq(await ann.say(room, text)) };
}

test('an edit reaches who has the room open, and pages show the new wording', async () => {
    const { ann, bob, room, said } = await talk();
    const seq = okSeq(await change(ann, 'edit', room, said, { base: said, text: 'second' }));
    for (const one of [ann, bob]) {
        await hearsOf(one, room, seq);
        const { at, nonce, ...event } = live(one, room, seq);
        assert.ok(at > 0 && nonce);
        assert.deepEqual(event, { seq, author: ann.user, kind: 'edited', target: said, base: said, text: 'second' });
    }
    const [message] = await newest(bob, room);
    assert.deepEqual([message.seq, message.text, message.rev, message.edits], [said, 'second', seq, 1]);
    assert.equal(message.edited, live(bob, room, seq).at);
    const { versions } = await bob.ask('versions', { room, target: said });
    assert.deepEqual(versions.map((one) => [one.rev, one.text]), [[said, 'first'], [seq, 'second']]);
});

test('an edit of an older wording is a conflict that says the newer one; nobody else edits', async () => {
    const { ann, bob, room, said } = await talk();
    const rev = okSeq(await change(ann, 'edit', room, said, { base: said, text: 'second' }));
    const late = await change(ann, 'edit', room, said, { base: said, text: 'from another device' });
    assert.deepEqual([late.code, late.field, late.rev], ['conflict', 'base', rev]);
    const third = okSeq(await change(ann, 'edit', room, said, { base: late.rev, text: 'third' }));
    assert.equal(okSeq(await change(ann, 'edit', room, said, { base: third, text: 'third' })), third, 'nothing to change');
    assert.equal((await change(bob, 'edit', room, said, { base: third, text: 'mine' })).code, 'forbidden');
    assert.equal((await change(ann, 'edit', room, 1, { base: 1, text: 'no message' })).code, 'not_found');
    assert.equal((await change(ann, 'edit', room, third + 9, { base: 1, text: 'to come' })).code, 'not_found');
    assert.equal((await newest(bob, room))[0].text, 'third');
});

test('a pinned message says so to everybody; guests pin nothing; a deletion unpins without an event', async () => {
    const { ann, bob, room, said } = await talk();
    const seq = okSeq(await change(bob, 'pin', room, said, { on: true }));
    await hearsOf(ann, room, seq);
    const { at, nonce, ...event } = live(ann, room, seq);
    assert.ok(at > 0 && nonce);
    assert.deepEqual(event, { seq, author: bob.user, kind: 'pinned', target: said });
    const [message] = await newest(ann, room);
    assert.deepEqual([message.seq, message.pinned, message.marks], [said, true, seq]);
    assert.equal(okSeq(await change(ann, 'pin', room, said, { on: true })), seq, 'nothing to change');
    const guest = await Client.guest(server);
    assert.equal((await change(guest, 'pin', room, said, { on: false })).code, 'forbidden');
    const fields = { room, target: said, nonce: freshNonce(), on: false };
    assert.equal((await api(server, 'pin', fields, bearer(ann))).body.seq, seq + 1);
    assert.equal((await newest(ann, room))[0].pinned, undefined);
    const again = okSeq(await change(ann, 'pin', room, said, { on: true }));
    assert.equal(okSeq(await change(ann, 'delete', room, said, {})), again + 1);
    assert.equal((await newest(bob, room))[0].pinned, undefined);
    assert.equal((await change(bob, 'pin', room, said, { on: true })).code, 'gone');
});

test('the same change again gets its first answer; its nonce serves for nothing else', async () => {
    const { ann, bob, room, said } = await talk();
    for (const [client, type, fields, other] of [
        [ann, 'edit', { base: said, text: 'second' }, { base: said, text: 'other' }],
        [bob, 'react', { emoji: '👍', on: true }, { emoji: '🎉', on: true }],
        [bob, 'react', { emoji: '👍', on: false }, { emoji: '👍', on: true }],
        [ann, 'delete', { reason: 'posted twice' }, undefined],
    ]) {
        const nonce = freshNonce();
        const seq = okSeq(await change(client, type, room, said, { ...fields, nonce }));
        assert.equal(okSeq(await change(client, type, room, said, { ...fields, nonce })), seq, type);
        if (other) assert.equal((await change(client, type, room, said, { ...other, nonce })).code, 'conflict', type);
        assert.equal((await client.say(room, 'words', nonce)).code, 'conflict', type);
        await hearsOf(ann, room, seq);
    }
    assert.equal((await ann.log(room)).length, said + 4, 'each stands once');
});

test('a late resend gets its first answer, also where what it says came back since', async () => {
    const { ann, room, said } = await talk('first');
    const edit = (base, text, nonce) => change(ann, 'edit', room, said, { base, text, nonce });
    const react = (on, nonce) => change(ann, 'react', room, said, { emoji: '👍', on, nonce });
    const [edited, reacted] = [freshNonce(), freshNonce()];
    const rev = okSeq(await edit(said, 'second', edited));
    okSeq(await edit(okSeq(await edit(rev, 'third', freshNonce())), 'second', freshNonce()));
    assert.equal(okSeq(await edit(said, 'second', edited)), rev);
    const mark = okSeq(await react(true, reacted));
    for (const on of [false, true]) okSeq(await react(on, freshNonce()));
    assert.equal(okSeq(await react(true, reacted)), mark);
});

test('a deletion takes every wording away, for good', async () => {
    const { ann, bob, room, said } = await talk('my secret');
    const edited = okSeq(await change(ann, 'edit', room, said, { base: said, text: 'my other secret' }));
    okSeq(await change(bob, 'react', room, said, { emoji: '👍', on: true }));
    assert.equal((await change(bob, 'delete', room, said)).code, 'forbidden');
    const seq = okSeq(await change(ann, 'delete', room, said, { reason: 'posted twice' }));
    await hearsOf(bob, room, seq);
    const { author, kind, target, reason } = live(bob, room, seq);
    assert.deepEqual([author, kind, target, reason], [ann.user, 'deleted', said, 'posted twice']);
    assert.equal(okSeq(await change(ann, 'delete', room, said)), seq, 'it is gone already');
    for (const [type, fields] of [['edit', { base: seq, text: 'back' }], ['react', { emoji: '🎉', on: true }]])
        assert.equal((await change(ann, type, room, said, fields)).code, 'gone', type);
    assert.equal((await ann.ask('versions', { room, target: said })).code, 'gone');
    const [message] = await newest(bob, room);
    assert.deepEqual([message.seq, message.deleted, message.text, message.reactions], [said, true, undefined, undefined]);
    const log = await bob.log(room);
    assert.doesNotMatch(JSON.stringify(log), /secret/);
    assert.deepEqual([log[edited - 1].kind, log[edited - 1].text], ['edited', undefined]);
});

test('reactions are counted once for each person and emoji, live and in pages', async () => {
    const { ann, bob, room, said } = await talk();
    const react = (client, emoji, on = true) => change(client, 'react', room, said, { emoji, on });
    const seq = okSeq(await react(bob, '❤️'));
    await hearsOf(ann, room, seq);
    const { kind, author, target, emoji } = live(ann, room, seq);
    assert.deepEqual([kind, author, target, emoji], ['reacted', bob.user, said, '❤']);
    assert.equal(okSeq(await react(bob, '❤')), seq, 'the same in another colour');
    okSeq(await react(ann, '❤'));
    const mark = okSeq(await react(ann, '🎉'));
    const shown = async (client) => (await newest(client, room))[0];
    assert.deepEqual((await shown(bob)).reactions, [
        { emoji: '❤', count: 2, people: [bob.user, ann.user], mine: true }, { emoji: '🎉', count: 1, people: [ann.user] },
    ]);
    assert.deepEqual([(await shown(bob)).marks, (await shown(bob)).rev], [mark, undefined]);
    const back = okSeq(await react(ann, '🎉', false));
    await hearsOf(bob, room, back);
    assert.equal(live(bob, room, back).kind, 'unreacted');
    assert.deepEqual((await shown(ann)).reactions.map((one) => [one.emoji, one.count]), [['❤', 2]]);
    const words = await react(ann, 'well done');
    assert.deepEqual([words.code, words.field], ['bad_field', 'emoji']);
    const passerBy = await Client.connect(server);
    assert.equal((await react(passerBy, '👍')).code, 'forbidden', 'nobody has proved this name');
    await passerBy.close();
});

test('who was away gets changes as they are today', async () => {
    const { ann, bob, room, said } = await talk('kept');
    const { seq: gone } = await ann.say(room, 'regretted');
    await bob.hears(room, 'regretted');
    const { epoch } = (await Client.connect(server, { token: bob.token })).welcome.rooms.find((one) => one.room === room);
    await bob.close();
    okSeq(await change(ann, 'edit', room, said, { base: said, text: 'between' }));
    const rev = okSeq(await change(ann, 'edit', room, said, { base: gone + 1, text: 'now' }));
    okSeq(await change(ann, 'edit', room, gone, { base: gone, text: 'regretted too' }));
    const last = okSeq(await change(ann, 'delete', room, gone));
    const back = await Client.connect(server, { token: bob.token, resume: [{ room, epoch, seq: gone }] });
    await hearsOf(back, room, last);
    const run = back.events(room);
    assert.deepEqual(run.map((event) => [event.seq, event.kind, event.text]), [
        [gone + 1, 'edited', 'between'], [rev, 'edited', 'now'], [rev + 1, 'edited', undefined], [last, 'deleted', undefined],
    ]);
    await back.close();
});

test('unread is what others have said and not deleted; a head says when to count anew', async () => {
    const { ann, bob, room, said } = await talk();
    await bob.ask('unsubscribe', { room });
    await bob.ask('mark', { room, seq: said });
    okSeq(await bob.say(room, 'one of his own'));
    const two = [okSeq(await ann.say(room, 'unread')), okSeq(await ann.say(room, 'regretted'))];
    okSeq(await change(ann, 'edit', room, two[0], { base: two[0], text: 'edited' }));
    okSeq(await change(ann, 'react', room, said, { emoji: '👍', on: true }));
    const count = async () => (await bob.ask('counts', { rooms: [room, 'nowhere'] })).counts;
    assert.deepEqual((await count()).map((one) => [one.room, one.unread, one.said]), [[room, 2, 4]]);
    const seq = okSeq(await change(ann, 'delete', room, two[1]));
    const head = await bob.until((m) => m.type === 'head' && m.room === room && m.shrunk);
    assert.deepEqual([head.shrunk, head.said], [seq, 4]);
    assert.equal((await count())[0].unread, 1);
    const back = await Client.connect(server, { token: bob.token });
    const summary = back.welcome.rooms.find((one) => one.room === room);
    assert.deepEqual([summary.unread, summary.shrunk], [1, seq]);
    await back.close();
});

test('a plain client gets an edit once, and nothing of deletions and reactions', async () => {
    const { ann, bob, room, said } = await talk();
    const plain = await PlainClient.connect(server, `/ws?room=${room}`);
    const rev = okSeq(await change(ann, 'edit', room, said, { base: said, text: 'two\nlines' }));
    okSeq(await change(bob, 'react', room, said, { emoji: '👍', on: true }));
    okSeq(await change(ann, 'edit', room, said, { base: rev, text: 'two\nlines' }));
    okSeq(await change(bob, 'react', room, said, { emoji: '👍', on: false }));
    okSeq(await change(ann, 'delete', room, said));
    okSeq(await bob.say(room, 'the end'));
    await plain.until((line) => line.endsWith('the end'));
    assert.deepEqual(plain.all, [`${ann.user}: two lines *`, `${bob.user}: the end`]);
    await plain.close();
});

test('the same requests work over HTTP', async () => {
    const { ann, bob, room, said } = await talk();
    const ask = async (client, type, fields) => {
        const { status, body } = await api(server, type, { room, ...fields }, bearer(client));
        return { status, ...body };
    };
    const edit = await ask(ann, 'edit', { target: said, base: said, text: 'second', nonce: freshNonce() });
    assert.equal(edit.status, 200);
    const late = await ask(ann, 'edit', { target: said, base: said, text: 'late', nonce: freshNonce() });
    assert.deepEqual([late.status, late.code, late.rev], [409, 'conflict', edit.seq]);
    const react = await ask(bob, 'react', { target: said, emoji: '👍', on: true, nonce: freshNonce() });
    assert.equal(react.seq, edit.seq + 1);
    assert.equal((await ask(bob, 'versions', { target: said })).versions.length, 2);
    assert.equal((await api(server, 'counts', { rooms: [room] }, bearer(bob))).body.counts[0].unread, 1);
    assert.equal((await ask(bob, 'mark', { seq: said })).status, 200);
    assert.equal((await api(server, 'counts', { rooms: [room] }, bearer(bob))).body.counts[0].unread, 0);
    assert.equal((await ask(bob, 'delete', { target: said, nonce: freshNonce() })).status, 403);
    const gone = await ask(ann, 'delete', { target: said, nonce: freshNonce() });
    assert.equal((await ask(ann, 'edit', { target: said, base: said, text: 'x', nonce: freshNonce() })).status, 410);
    const run = await ask(bob, 'catch_up', { seq: said, limit: 10 });
    assert.deepEqual(run.events.map((one) => one.kind), ['edited', 'reacted', 'deleted']);
    await hearsOf(bob, room, gone.seq);
    assert.equal((await api(server, 'edit', { room, target: said, base: said, text: 'x', nonce: 'n' })).status, 401);
});

test('an answer that promises a list has one, also where there is nothing to list', async () => {
    const { ann, room, said } = await talk('empty');
    assert.deepEqual((await ann.ask('catch_up', { room, seq: said, limit: 10 })).events, []);
    assert.deepEqual((await ann.ask('history', { room, limit: 10, before: 1 })).events, []);
    assert.deepEqual((await ann.ask('counts', { rooms: ['there-is-none'] })).counts, []);
    assert.deepEqual((await ann.ask('list_rooms', { after: 'zzzz' })).rooms, []);
});

test('a server that is killed forgets no change, and takes a resend for what it is', async () => {
    const { ann, bob, room, said } = await talk('kept');
    const { seq: gone } = await ann.say(room, 'regretted');
    const sent = [
        [ann, 'edit', { target: said, base: said, text: 'kept and edited', nonce: freshNonce() }],
        [bob, 'react', { target: said, emoji: '👍', on: true, nonce: freshNonce() }],
        [ann, 'delete', { target: gone, nonce: freshNonce() }],
    ];
    const seqs = [];
    for (const [client, type, fields] of sent) seqs.push(okSeq(await client.ask(type, { room, ...fields })));
    await bob.ask('mark', { room, seq: said });
    const before = { log: await bob.log(room), page: await newest(bob, room, 9) };
    await server.restart();
    const again = new Map();
    for (const one of [ann, bob]) again.set(one, await Client.connect(server, { token: one.token }));
    const reader = again.get(bob);
    assert.deepEqual({ log: await reader.log(room), page: await newest(reader, room, 9) }, before);
    for (const [i, [client, type, fields]] of sent.entries())
        assert.equal(okSeq(await again.get(client).ask(type, { room, ...fields })), seqs[i], type);
    const [count] = (await reader.ask('counts', { rooms: [room] })).counts;
    assert.deepEqual([count.read, count.unread], [said, 0]);
    assert.equal((await reader.log(room)).length, before.log.length);
    for (const one of again.values()) await one.close();
});

test('what one device has read, joined or left, the other devices are told', async () => {
    const { ann, bob, room, said } = await talk();
    const phone = await Client.connect(server, { token: bob.token });
    const summary = phone.welcome.rooms.find((one) => one.room === room);
    assert.deepEqual([summary.kind, summary.said, summary.unread], ['public', 1, 1]);
    await bob.ask('mark', { room, seq: said });
    await phone.hearsRecord('mark', room, (mark) => mark.seq === said && mark.said === 1);
    await bob.ask('mark', { room, seq: said - 1 });
    await phone.hearsRecord('mark', room, (mark) => mark.seq === said - 1 && mark.said === 0);
    const count = async () => (await phone.ask('counts', { rooms: [room] })).counts[0].unread;
    assert.equal(await count(), 1);
    await bob.ask('mark', { room, seq: said });
    const own = okSeq(await bob.say(room, 'one of his own'));
    await phone.hearsRecord('mark', room, (mark) => mark.seq === own && mark.said === 2);
    assert.equal(await count(), 0);

    const other = freshName('room');
    okSeq(await ann.ask('create_room', { room: other, title: 'Other' }));
    okSeq(await bob.ask('join', { room: other }));
    const { rooms } = await phone.hearsRecord('membership', other, (one) => one.on);
    assert.deepEqual(rooms.map((one) => [one.room, one.title, one.joined]), [[other, 'Other', true]]);
    okSeq(await bob.ask('leave', { room: other }));
    await phone.hearsRecord('membership', other, (one) => !one.on);
    assert.ok(!ann.all.some((m) => m.type === 'person' && m.changes.some((one) => one.seq === said - 1)),
              'nobody else is told');
    await phone.close();
});
