// Debian's nginx with a configuration of its own, on a free port of loopback, as root or not: one process in the
// foreground, which ends with the test.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../integration/server.mjs';
import { within } from '../integration/within.mjs';

const fromRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const program = [fromRoot('build/nginx/usr/sbin/nginx'), '/usr/sbin/nginx'].find(existsSync);

// What operators are told to write, for a server at this port. `strip`: nginx takes the path off before it passes the
// request on.
export function location(path, port, { strip = false } = {}) {
    return readFileSync(fromRoot('server/packaging/nginx-location.conf'), 'utf8')
        .replace('location /', `location ${path}`)
        .replace('http://127.0.0.1:8080', `http://127.0.0.1:${port}${strip ? '/' : ''}`);
}

const configuration = (port, locations) => `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr notice;
events {}
http {
    access_log off;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${one};`).join(' ')}
    server {
        listen 127.0.0.1:${port};
        ${locations.join('\n')}
    }
}
`;

export class Nginx {
    // `locations`: what stands in its `server` block. Resolves once it listens.
    static async start(locations) {
        const nginx = new Nginx();
        nginx.port = await freePort();
        nginx.folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
        writeFileSync(join(nginx.folder, 'nginx.conf'), configuration(nginx.port, locations));
        nginx.child = spawn(program, ['-p', nginx.folder, '-c', 'nginx.conf', '-e', 'stderr']);
        nginx.end = () => nginx.child.kill('SIGKILL');
        process.once('exit', nginx.end);
        nginx.ended = new Promise((resolve) => nginx.child.once('exit', resolve));
        nginx.log = '';
        const listens = new Promise((resolve) => nginx.child.stderr.on('data', (chunk) => {
            nginx.log += chunk;
            if (nginx.log.includes('event method')) resolve(true);
        }));
        const first = await within(Promise.race([listens, nginx.ended]), 'nginx to listen', { detail: () => nginx.log });
        if (first !== true) throw new Error(`nginx ended at once:\n${nginx.log}`);
        return nginx;
    }

    get url() { return `http://127.0.0.1:${this.port}`; }

    async stop() {
        this.child.kill('SIGTERM');
        await within(this.ended, 'nginx to end');
        process.removeListener('exit', this.end);
        rmSync(this.folder, { recursive: true });
    }
}
