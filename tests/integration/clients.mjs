// Clients that were not written for Parley: `ws` from npm speaks WebSocket, node's fetch speaks HTTP, and a raw socket
// sends what no well-behaved client would.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import WebSocket from 'ws';
import { fetch, once, within } from './within.mjs';

const runEventsMax = 200;

let names = 0;
export const freshName = (stem = 'user') => `${stem}-${process.pid}-${++names}`;
export const freshNonce = () => `n${process.pid}-${++names}`;

// POST /api/1/<type>; gives { status, body, token, cookie }.
export async function api(server, type, body = {}, headers = {}) {
    const response = await fetch(`${server.url}/api/1/${type}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
    });
    const answer = await response.json();
    return { status: response.status, body: answer, headers: response.headers,
             cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] };
}

// The events of a room that a notice brings: a run, or the newest page after `subscribe`.
function eventsIn(notice, room) {
    const brings = notice.type === 'events' || notice.type === 'page';
    return brings && notice.room === room ? notice.events : [];
}

// A queue of what was received, and a way to wait for something in it.
class Inbox {
    constructor(socket) {
        this.socket = socket;
        this.all = [];
        this.waiting = [];
        this.ended = new Promise((resolve) =>
            socket.on('close', (code, reason) => {
                resolve({ code, reason: reason.toString() });
                for (const one of this.waiting) one.fail(new Error(`closed with ${code} while waiting for ${one.purpose}`));
            }));
        socket.on('error', () => {});
    }
    get closed() { return within(this.ended, 'the end of a connection'); }
    put(item) {
        this.all.push(item);
        this.waiting = this.waiting.filter((one) => !one.take(item));
    }
    // The first item, past or future, that matches.
    until(matches, purpose = matches.toString()) {
        const past = this.all.find(matches);
        if (past !== undefined) return Promise.resolve(past);
        return this.next(matches, purpose);
    }
    // The first future item that matches.
    next(matches = () => true, purpose = matches.toString()) {
        const coming = new Promise((resolve, fail) => {
            if (this.socket.readyState >= 2) return fail(new Error(`already closed; waiting for ${purpose}`));
            this.waiting.push({ fail, purpose, take: (item) => matches(item) && (resolve(item), true) });
        });
        return within(coming, purpose, { detail: () => `; the last of ${this.all.length}: ${JSON.stringify(this.all.at(-1) ?? null).slice(0, 300)}` });
    }
}

// A plain-text client.
export class PlainClient extends Inbox {
    static async connect(server, path = '/ws', options = {}) {
        const socket = new WebSocket(server.ws + path, options);
        const client = new PlainClient(socket);
        socket.on('message', (data, binary) => client.put(binary ? data : data.toString()));
        await once(socket, 'open');
        return client;
    }
    say(text) { this.socket.send(text); }
    close() { this.socket.close(); return this.closed; }
}

// A client that speaks parley.1.
export class Client extends Inbox {
    // `token`: of a session; without it the server makes a guest of one connection.
    // `ws`: options of its socket; `ca`: the root that it trusts over TLS.
    static async connect(server, { token, hello = true, resume, person, path = '/ws', headers = {}, ws = {}, ca } = {}) {
        const authorization = token ? { authorization: `Bearer ${token}` } : {};
        const socket = new WebSocket(server.ws + path, 'parley.1', { headers: { ...authorization, ...headers }, ca, ...ws });
        const client = new Client(socket);
        client.ids = 0;
        socket.on('message', (data, binary) => client.put(binary ? data : JSON.parse(data.toString())));
        await once(socket, 'open');
        if (hello) {
            const welcomed = client.until((m) => m.type === 'welcome' || m.type === 'error');
            client.send({ type: 'hello', client: 'test', ...(resume && { resume }), ...(person !== undefined && { person }) });
            client.welcome = await welcomed;
        }
        return client;
    }
    // A guest with a session, connected.
    static async guest(server, name = freshName('guest'), options = {}) {
        const { body } = await api(server, 'sign_in_guest', { user: name });
        const client = await Client.connect(server, { token: body.token, ...options });
        return Object.assign(client, { user: body.user, token: body.token });
    }
    // An account, connected.
    static async account(server, name = freshName(), options = {}) {
        const { body } = await api(server, 'sign_up', { user: name, password: 'correct horse' });
        const client = await Client.connect(server, { token: body.token, ...options });
        return Object.assign(client, { user: body.user, token: body.token });
    }
    send(message) { this.socket.send(JSON.stringify(message)); }
    // Sends a request and gives its `ok` or `error`.
    ask(type, fields = {}) {
        const id = ++this.ids;
        const answer = this.next((m) => m.id === id && (m.type === 'ok' || m.type === 'error'), `answer to ${type}`);
        this.send({ type, id, ...fields });
        return answer;
    }
    say(room, text, nonce = freshNonce()) { return this.ask('send', { room, nonce, text }); }
    // Every event of a room that came so far, in order of arrival.
    events(room) {
        return this.all.flatMap((m) => eventsIn(m, room));
    }
    hears(room, text) {
        return this.hearsOf(room, (e) => e.text === text, text);
    }
    // The notice with the first event of a room, past or future, that matches.
    hearsOf(room, matches, purpose = matches.toString()) {
        return this.until((m) => eventsIn(m, room).some(matches), purpose);
    }
    // A person's record of a room, as it is told to every device: `matches` gets the record.
    hearsRecord(kind, room, matches = () => true) {
        const isIt = (one) => one.kind === kind && one.room === room && matches(one);
        return this.until((m) => m.type === 'person' && m.changes.some(isIt), `a ${kind} of ${room}`);
    }
    // The log of a room after `seq`, which has no gap; messages are folded.
    async log(room, seq = 0) {
        const log = [];
        for (let more = true; more;) {
            const run = await this.ask('catch_up', { room, seq: seq + log.length, limit: runEventsMax });
            assert.equal(run.type, 'ok', JSON.stringify(run));
            for (const event of run.events) {
                assert.equal(event.seq, seq + log.length + 1, 'seq has no gap and no reuse');
                log.push(event);
            }
            more = run.more;
        }
        return log;
    }
    close() { this.socket.close(); return this.closed; }
}

// Sends bytes as they are, a list piece by piece, and gives all that came back until the server closed, or until `enough` is true.
export async function raw(server, bytes, enough = () => false) {
    const socket = connect(server.port, '127.0.0.1').setNoDelay();
    let answer = Buffer.alloc(0);
    await once(socket, 'connect');
    const done = new Promise((resolve) => {
        socket.on('data', (chunk) => {
            answer = Buffer.concat([answer, chunk]);
            if (enough(answer.toString('latin1'))) resolve();
        });
        socket.on('close', resolve);
        socket.on('error', resolve);
    });
    for (const piece of Array.isArray(bytes) ? bytes : [bytes]) socket.write(piece);
    await within(done, 'all of an answer', { detail: () => `; so far: ${answer.toString('latin1')}` });
    socket.destroy();
    return answer.toString('latin1');
}
