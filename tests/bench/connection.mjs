// A WebSocket client so small that ten thousand fit into one process, and that spends little on a message: no masks but
// zeros, no copies, frames handed on as they lie in what was read. Speaks parley.1.
import {once} from 'node:events';
import {connect} from 'node:net';

const text = 0x81, ping = 9, pong = 0x8a;

export function frame(payload, opcode = text) {
    const size = Buffer.byteLength(payload);
    const head = size < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
    head[0] = opcode;
    head[1] = 0x80 | (size < 126 ? size : 126);
    if (size >= 126) head.writeUInt16BE(size, 2);
    return Buffer.concat([head, Buffer.from(payload)]);
}

export class Connection {
    // Resolves once it is upgraded and welcomed. `token`: of a session; without it, a guest of this connection.
    static async open(port, token) {
        const one = await Connection.upgraded(port, token);
        await one.ask('{"type":"hello","client":"bench"}', '{"type":"welcome"');
        return one;
    }

    static async upgraded(port, token) {
        const one = new Connection();
        one.socket = connect({port, host: '127.0.0.1', noDelay: true});
        one.socket.on('error', (error) => one.fail(error));
        one.socket.on('close', () => one.fail(new Error('the server closed a connection')));
        await Promise.race([once(one.socket, 'connect'), one.failed]);
        one.socket.write([
            'GET /ws HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Upgrade: websocket', 'Connection: Upgrade',
            'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
            'Sec-WebSocket-Protocol: parley.1', ...(token ? [`Authorization: Bearer ${token}`] : []), '', ''
        ].join('\r\n'));
        await one.upgrade();
        return one;
    }

    constructor() {
        this.rest = Buffer.alloc(0);
        this.onFrame = () => {};
        this.failed = new Promise((_, reject) => (this.fail = reject));
        this.failed.catch(() => {});
    }

    async upgrade() {
        for (let end = -1; end < 0;) {
            const [chunk] = await Promise.race([once(this.socket, 'data'), this.failed]);
            this.rest = Buffer.concat([this.rest, chunk]);
            end = this.rest.indexOf('\r\n\r\n');
            if (end < 0) continue;
            const head = this.rest.toString('latin1', 0, end);
            if (!head.startsWith('HTTP/1.1 101')) throw new Error(head.split('\r\n')[0]);
            this.rest = this.rest.subarray(end + 4);
        }
        this.socket.on('data', (chunk) => this.take(chunk));
        this.take(Buffer.alloc(0));
    }

    // Hands on every whole frame; what remains waits for more.
    take(chunk) {
        const bytes = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
        let at = 0;
        while (bytes.length - at >= 2) {
            const short = bytes[at + 1] & 0x7f, head = short < 126 ? 2 : short === 126 ? 4 : 10;
            if (bytes.length - at < head) break;
            const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
            if (bytes.length - at < head + size) break;
            const payload = bytes.subarray(at + head, at + head + size);
            if ((bytes[at] & 15) === ping)
                this.socket.write(frame(payload, pong));
            else
                this.onFrame(payload);
            at += head + size;
        }
        this.rest = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
        this.onTurn?.();
    }

    // Sends and waits for a frame that begins with `answer`; any error ends the wait.
    ask(request, answer) {
        const answered = new Promise((resolve, reject) => {
            this.onFrame = (payload) => {
                const said = payload.toString('latin1', 0, 200);
                if (said.startsWith(answer)) resolve();
                if (said.startsWith('{"type":"error"')) reject(new Error(said));
            };
        });
        this.socket.write(frame(request));
        return Promise.race([answered, this.failed]).finally(() => (this.onFrame = () => {}));
    }
}

// Runs `act(i)` for i below `count`, so many at a time.
export async function eachOf(count, atOnce, act) {
    let next = 0;
    const worker = async () => {
        while (next < count) await act(next++);
    };
    await Promise.all(Array.from({length: Math.min(count, atOnce)}, worker));
}
