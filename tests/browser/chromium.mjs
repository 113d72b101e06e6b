// Debian's Chromium, driven by playwright-core, in front of a real server.
import { chromium } from 'playwright-core';
import { patience, Server } from '../integration/server.mjs';

// For what takes moments, on a slow machine that does much else too.
export const waitMsMax = 60_000 * patience;

export async function openBrowser() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
               '--disable-sync', '--no-first-run'],
    });
}

// A server and a browser; `visit` opens a page of its own profile, as one person would.
export class Stage {
    static async open(flags = []) {
        const stage = new Stage();
        stage.server = await Server.start(flags);
        stage.browser = await openBrowser();
        stage.errors = [];
        return stage;
    }
    async visit(path = '/', context = {}) {
        const profile = await this.browser.newContext(context);
        const page = await profile.newPage();
        page.setDefaultTimeout(waitMsMax);
        page.on('pageerror', (error) => this.errors.push(String(error)));
        page.on('console', (line) => {
            if (line.text().includes('Content Security Policy')) this.errors.push(line.text());
        });
        await page.goto(this.server.url + path);
        return page;
    }
    // A guest in the room `lobby`, connected.
    async guest(user, context) {
        const page = await this.visit('/', context);
        await signInAsGuest(page, user);
        return page;
    }
    async close() {
        await this.browser.close();
        await this.server.stop();
    }
}

export async function signInAsGuest(page, user) {
    await page.waitForSelector('body[data-view="sign-in"]');
    await page.fill('#guest-form input[name=user]', user);
    await page.press('#guest-form input[name=user]', 'Enter');
    await online(page);
    await page.click('#rooms [data-room="lobby"]');
}

// Opens an account on a page that shows the door, and goes to the lobby.
export async function signUp(page, user) {
    await page.waitForSelector('body[data-view="sign-in"]');
    await page.click('#tab-sign-up');
    await page.fill('#sign-up-form input[name=user]', user);
    await page.fill('#sign-up-form input[name=password]', 'correct horse');
    await page.press('#sign-up-form input[name=password]', 'Enter');
    await online(page);
    await page.click('#rooms [data-room="lobby"]');
}

export const online = (page) => page.waitForSelector('body[data-view="chat"][data-connection="online"]');

export async function say(page, text) {
    await page.fill('#composer textarea', text);
    await page.press('#composer textarea', 'Enter');
}

// The message row with exactly this text.
export const row = (page, text, state) =>
    page.waitForFunction(([text, state]) =>
        [...document.querySelectorAll('#timeline [data-kind=message]')].find((one) =>
            one.querySelector('.text')?.textContent === text && (!state || one.dataset.state === state)), [text, state]);

export const texts = (page) =>
    page.$$eval('#timeline [data-kind=message] .text', (all) => all.map((one) => one.textContent));
