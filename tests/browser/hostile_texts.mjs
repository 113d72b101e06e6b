// What somebody may write who wants the page to run a script, to ask a stranger's server, or to show what is not so.
const script = 'window.hacked=1';
const run = (part) => part.repeat(Math.floor(16_000 / Buffer.byteLength(part)));

export const hostileTexts = [
    // Elements and attributes.
    `<img src=x onerror="${script}">`, `<script>${script}</script>`, `"><svg onload=${script}>`, `</p></li><script>${script}</script>`,
    `<iframe srcdoc="<script>parent.${script}</script>"></iframe>`, `<style>@import "http://evil.example/x"</style>`,
    `<link rel=stylesheet href=http://evil.example/x>`, `<meta http-equiv=refresh content="0;url=http://evil.example">`,
    `<base href=http://evil.example>`, `<template><script>${script}</script></template>`, `<math><mi xlink:href="data:x,${script}">`,
    `<details open ontoggle=${script}>`, `<!--><script>${script}</script>-->`, `<![CDATA[<script>${script}</script>]]>`,
    `**<b onclick=${script}>x</b>**`, '`<img src=x onerror=window.hacked=1>`', `\`\`\`html\n<script>${script}</script>\n\`\`\``,
    `\`\`\`"><script>${script}</script>\nx\n\`\`\``, `||<img src=x onerror=${script}>||`, `> <script>${script}</script>`,
    `- <script>${script}</script>`, `# <script>${script}</script>`, `a|<script>${script}</script>\n-|-\n<img src=x onerror=${script}>|b`,
    // Schemes.
    `[x](javascript:${script})`, `[x](JaVaScRiPt:${script})`, `[x](java\tscript:${script})`, `[x](java\nscript:${script})`,
    `[x]( javascript:${script})`, `[x](\u00a0javascript:${script})`, `[x](&#106;avascript:${script})`, `[x](%6Aavascript:${script})`,
    `[x](data:text/html,<script>${script}</script>)`, `[x](data:text/html;base64,PHNjcmlwdD4=)`, `[x](vbscript:x)`, `[x](file:///etc/passwd)`,
    `[x](blob:https://evil.example/x)`, `[x](//evil.example)`, `[x](/api/1/sign_out)`, `[x](#lobby)`, `[x](https:evil.example)`,
    `<javascript:${script}>`, `<data:text/html,x>`, `javascript:${script}`, `data:text/html,<script>${script}</script>`,
    `[x](mailto:a@b?body=<script>${script}</script>)`, `[x](https://a.example "onmouseover=${script}")`, `[x](https://a.example'onclick='${script})`,
    `[x](<javascript:${script}>)`, `![x](http://evil.example/x.png)`, `![x](javascript:${script})`, `[![x](http://evil.example/x)](javascript:${script})`,
    `[a]: javascript:${script}\n[a]`, `http://x.example/'onmouseover='${script}`, `https://a.example/"onmouseover="${script}`,
    // Disguise.
    '[bank.example](https://evil.example)', '[https://bank.example/login](https://evil.example)', 'https://bank.example@evil.example/',
    '[x](https://bank.example@evil.example)', '\u202egnp.exe', '[\u202eelpmaxe.knab](https://evil.example)', 'https://bank.example/\u202e/moc.live',
    '\u2066\u2067\u202d mixed \u2069', 'https://b\u0430nk.example/', '[b\u0430nk.example](https://evil.example)', '[\u200b](https://evil.example)',
    // Brackets, controls, separators, lengths.
    '[[[[[[[[x]]]]]]]](https://a.example)', '[a](https://b.example/((((((', '[x](https://a.example)](javascript:x)', 'a\u2028b\u2029c', '\u0001'.replace('\u0001', '\u200b\ufeff'),
    '{{7*7}} ${7*7} #{7*7} <%= 7*7 %>', '&lt;script&gt; &#60;script&#62; &amp;', '__proto__ constructor toString', '@constructor @__proto__ #__proto__',
    run('['), run('*a'), run('> '), run('`'), run('||a'), run('[a](https://b.example)'), run('\u0301'), run('a|'),
];

// Short ones, without line breaks: for titles and names.
export const hostileTitles = hostileTexts.filter((text) => Buffer.byteLength(text) <= 120 && !/[\n\t\u2028\u2029]/.test(text));
