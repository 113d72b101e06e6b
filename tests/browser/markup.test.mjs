// How the text of a message is shown, what hostile texts cannot do, and how markup is written.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Client, freshName, freshNonce } from '../integration/clients.mjs';
import { Stage } from './chromium.mjs';
import { hostileTexts, hostileTitles } from './hostile_texts.mjs';

const composer = '#composer textarea';
let stage, writer;
before(async () => {
    stage = await Stage.open(['--send-burst', '0']);
    writer = await Client.guest(stage.server);
});
after(() => stage.close());
afterEach(() => { assert.deepEqual(stage.errors.splice(0), [], 'no error on any page'); });

// Says it, and gives its text on the page.
async function shown(page, text) {
    const { seq } = await writer.say('lobby', text);
    const element = page.locator(`#rows [data-seq="${seq}"] .text`);
    await element.waitFor({ state: 'attached' });
    return element;
}
const html = async (page, text) => (await shown(page, text)).evaluate((one) => one.innerHTML);

test('each construct is the element that it means', async () => {
    const page = await stage.guest(freshName('reader'));
    assert.equal(await html(page, 'a **b** *c* ~~d~~'), '<p dir="auto">a <strong>b</strong> <em>c</em> <s>d</s></p>');
    assert.equal(await html(page, '`x < y`'), '<p dir="auto"><code dir="ltr">x &lt; y</code></p>');
    assert.equal(await html(page, '> a\n> b\nc'), '<blockquote dir="auto"><p>a\nb</p></blockquote><p dir="auto">c</p>');
    assert.equal(await html(page, '- a\n3. b'), '<ul><li dir="auto"><p>a</p></li></ul><ol><li dir="auto" value="3"><p>b</p></li></ol>');
    assert.equal(await html(page, '# a\n### b'), '<h3 dir="auto">a</h3><h5 dir="auto">b</h5>');
    assert.equal(await html(page, '@ann #lobby'),
        '<p dir="auto"><span class="mention" dir="ltr">@ann</span> <span class="channel" dir="ltr">#lobby</span></p>');
    const table = await shown(page, 'a|b\n-|-\n1|2');
    assert.deepEqual(await table.locator('th').allTextContents(), ['a', 'b']);
    assert.deepEqual(await table.locator('td').allTextContents(), ['1', '2']);
    const fence = await shown(page, '```c++\nint a;\n  b\n```');
    assert.equal(await fence.locator('code').textContent(), 'int a;\n  b');
    assert.equal(await fence.locator('.language').textContent(), 'c++');
    assert.ok(await (await shown(page, '🎉 👍🏽')).evaluate((one) => one.classList.contains('large')));
    await page.context().close();
});

test('a link with a label shows its host when the label looks like another', async () => {
    const page = await stage.guest(freshName('reader'));
    const link = (await shown(page, '[bank.example](https://evil.example/x)')).locator('a');
    assert.equal(await link.textContent(), 'bank.example (evil.example)');
    assert.equal(await link.getAttribute('href'), 'https://evil.example/x');
    assert.equal(await (await shown(page, '[report](https://evil.example/x)')).locator('a').textContent(), 'report');
    const homograph = (await shown(page, '[b\u0430nk.example](https://b\u0430nk.example)')).locator('a');
    assert.match(await homograph.evaluate((one) => one.host), /^xn--/);
    await page.context().close();
});

test('a spoiler is neither seen nor read out until it is opened, by mouse or key, and stays open', async () => {
    const page = await stage.guest(freshName('reader'));
    const spoiler = (await shown(page, 'it was ||the [butler](https://a.example)||')).locator('.spoiler');
    assert.ok(await spoiler.locator('span').isHidden());
    assert.equal(await spoiler.getAttribute('role'), 'button');
    await spoiler.focus();
    await page.keyboard.press('Enter');
    assert.ok(await spoiler.locator('a').isVisible());
    assert.equal(await spoiler.getAttribute('role'), null);
    const seq = Number(await page.$$eval('#rows [data-seq]', (all) => all.at(-1).dataset.seq));
    await writer.ask('react', { room: 'lobby', nonce: freshNonce(), target: seq, emoji: '👍', on: true });
    await page.waitForSelector(`#rows [data-seq="${seq}"] .pill`);
    assert.ok(await spoiler.locator('a').isVisible());
    await page.context().close();
});

test('code is copied as it was typed', async () => {
    const page = await stage.guest(freshName('reader'), { permissions: ['clipboard-read', 'clipboard-write'] });
    const fence = await shown(page, '```\n**a**\n\n  b\n```');
    await fence.hover();
    await fence.locator('.copy').click();
    await fence.locator('.copy', { hasText: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '**a**\n\n  b');
    await page.context().close();
});

test('each block has the direction of its own words, and code has no say in it', async () => {
    const page = await stage.guest(freshName('reader'));
    const directions = async (text) =>
        (await shown(page, text)).locator('p, li').evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
    assert.deepEqual(await directions('hello\n\nשלום'), ['ltr', 'rtl']);
    assert.deepEqual(await directions('`git push` דחוף'), ['rtl']);
    assert.deepEqual(await directions('https://a.example @ann سلام'), ['rtl']);
    assert.deepEqual(await directions('- a\n- שלום'), ['ltr', 'ltr', 'rtl', 'rtl']);
    await page.context().close();
});

const elementsAllowed = new Set(['P', 'H3', 'H4', 'H5', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'DIV', 'BUTTON', 'PRE', 'CODE', 'TABLE', 'TR', 'TH', 'TD',
    'STRONG', 'EM', 'S', 'SPAN', 'A', 'BDI']);
const attributesAllowed = new Set(['dir', 'class', 'href', 'target', 'rel', 'tabindex', 'role', 'aria-label', 'type', 'value']);

test('hostile texts in messages, titles and names run nothing, ask nobody and lead nowhere', async () => {
    assert.ok(hostileTexts.length >= 60 && hostileTitles.length >= 30);
    const page = await stage.guest(freshName('reader'));
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    for (const text of hostileTexts) assert.equal((await writer.say('lobby', text)).type, 'ok', text.slice(0, 80));
    for (const title of hostileTitles) {
        const answer = await writer.ask('create_room', { room: freshName('room'), title });
        assert.ok(['ok', 'error'].includes(answer.type), title);
    }
    for (const user of hostileTitles.slice(0, 10)) {
        const { status } = await fetch(`${stage.server.url}/api/1/sign_in_guest`, { method: 'POST', body: JSON.stringify({ user }) });
        assert.ok(status >= 400, `no name: ${user}`);
    }
    const last = await shown(page, 'the last of them');
    await page.click('#browse-rooms');
    await page.waitForSelector('#directory li');
    assert.equal(await page.locator('#directory :is(img, script, svg, a, iframe)').count(), 0);
    await page.keyboard.press('Escape');
    await last.waitFor();
    const found = await page.$$eval('#rows .text *', (all) => all.map((one) => ({
        tag: one.tagName, attributes: [...one.attributes].map(({ name }) => name), href: one.href ?? null, rel: one.rel ?? null,
    })));
    assert.ok(found.length > 100);
    for (const { tag, attributes, href, rel } of found) {
        assert.ok(elementsAllowed.has(tag), tag);
        for (const name of attributes) assert.ok(attributesAllowed.has(name), `${tag} ${name}`);
        if (tag !== 'A') continue;
        assert.match(href, /^(?:https?:\/\/|mailto:)/);
        assert.match(rel, /noopener noreferrer/);
    }
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.deepEqual(asked.filter((url) => !url.startsWith(stage.server.url)), [], 'no request leaves for elsewhere');
    await page.context().close();
});

test('keys put signs around the selection and take them away, and undo knows it', async () => {
    const page = await stage.guest(freshName('author'));
    const select = (begin, end) => page.$eval(composer, (one, range) => one.setSelectionRange(...range), [begin, end]);
    await page.fill(composer, 'one two');
    await select(4, 7);
    await page.press(composer, 'Control+b');
    assert.equal(await page.inputValue(composer), 'one **two**');
    await page.press(composer, 'Control+i');
    assert.equal(await page.inputValue(composer), 'one ***two***');
    await page.press(composer, 'Control+b');
    assert.equal(await page.inputValue(composer), 'one *two*');
    await page.press(composer, 'Control+i');
    await page.press(composer, 'Control+Shift+X');
    assert.equal(await page.inputValue(composer), 'one ~~two~~');
    await page.press(composer, 'Control+Shift+X');
    await page.press(composer, 'Control+e');
    assert.equal(await page.inputValue(composer), 'one `two`');
    await page.press(composer, 'Control+z');
    assert.equal(await page.inputValue(composer), 'one two');
    await page.context().close();
});

test('lists and quotes go on with Shift+Enter and end with an empty item', async () => {
    const page = await stage.guest(freshName('author'));
    await page.focus(composer);
    const line = async (text) => {
        await page.keyboard.type(text);
        await page.keyboard.press('Shift+Enter');
    };
    await line('9. a');
    await line('b');
    assert.equal(await page.inputValue(composer), '9. a\n10. b\n11. ');
    await page.keyboard.press('Shift+Enter');
    assert.equal(await page.inputValue(composer), '9. a\n10. b\n');
    await page.fill(composer, '');
    await line('> a');
    await line('- b');
    assert.equal(await page.inputValue(composer), '> a\n> - b\n> - ');
    await page.context().close();
});

test('pasted code gets a fence that is long enough, other text and code in a fence do not', async () => {
    const page = await stage.guest(freshName('author'));
    const paste = async (text) => {
        await page.focus(composer);
        await page.$eval(composer, (one, pasted) => {
            const data = new DataTransfer();
            data.setData('text/plain', pasted);
            if (one.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })))
                document.execCommand('insertText', false, pasted);
        }, text);
        return page.inputValue(composer);
    };
    assert.equal(await paste('if (a) {\n    b();\n}'), '```\nif (a) {\n    b();\n}\n```\n');
    await page.fill(composer, 'see:');
    assert.equal(await paste('  a = """\n  ```\n  """;'), 'see:\n````\n  a = """\n  ```\n  """;\n````\n');
    await page.fill(composer, '');
    assert.equal(await paste('Dear all,\nlunch is ready.'), 'Dear all,\nlunch is ready.');
    await page.fill(composer, '```\n');
    assert.equal(await paste('if (a) {\n    b();\n}'), '```\nif (a) {\n    b();\n}');
    await page.fill(composer, '```\nopen');
    await page.press(composer, 'Enter');
    await page.locator('#rows .fence code', { hasText: 'open' }).waitFor();
    const { events } = await writer.ask('history', { room: 'lobby', limit: 1 });
    assert.equal(events.at(-1).text, '```\nopen\n```');
    await page.context().close();
});
