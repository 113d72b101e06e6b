// Just enough of a lexer for C++ and JavaScript: which characters are code, and how long functions are.

// After these, a slash begins a regular expression (JavaScript only).
const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|yield|await|else))\s*$/;

function stringEnd(text, start) {
    let i = start + 1;
    while (i < text.length && text[i] !== text[start] && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1;
    return i + 1;
}

function regexEnd(text, start) {
    let inClass = false;
    for (let i = start + 1; i < text.length; ++i) {
        if (text[i] === '\\')
            ++i;
        else if (text[i] === '[')
            inClass = true;
        else if (text[i] === ']')
            inClass = false;
        else if (text[i] === '\n' || (text[i] === '/' && !inClass))
            return i + 1;
    }
    return text.length;
}

// A template's ${...} may hold templates again.
function templateEnd(text, start) {
    for (let i = start + 1; i < text.length; ++i) {
        if (text[i] === '\\')
            ++i;
        else if (text[i] === '`')
            return i + 1;
        else if (text.startsWith('${', i))
            i = holeEnd(text, i + 2);
    }
    return text.length;
}

function holeEnd(text, start) {
    let depth = 1;
    for (let i = start; i < text.length; ++i) {
        if (text[i] === '`')
            i = templateEnd(text, i) - 1;
        else if (text[i] === '\'' || text[i] === '"')
            i = stringEnd(text, i) - 1;
        else if (text[i] === '{')
            ++depth;
        else if (text[i] === '}' && --depth === 0)
            return i;
    }
    return text.length;
}

function toLineEnd(text, start) {
    const end = text.indexOf('\n', start);
    return end < 0 ? text.length : end;
}

// End of the comment or literal that begins at `i`, or `i` when none does.
function passageEnd(text, i, isScript) {
    const restIs = (token) => text.startsWith(token, i);
    if (restIs('//')) return toLineEnd(text, i);
    if (restIs('/*')) return (text.indexOf('*/', i + 2) + 1 || text.length - 1) + 1;
    if (!isScript && restIs('R"')) {
        const close = `)${text.slice(i + 2, text.indexOf('(', i))}"`;
        return text.indexOf(close, i) + close.length;
    }
    if (text[i] === '"') return stringEnd(text, i);
    if (text[i] === '\'' && (isScript || !/\w/.test(text[i - 1] ?? ''))) return stringEnd(text, i);  // not 1'000
    if (isScript && text[i] === '`') return templateEnd(text, i);
    if (isScript && text[i] === '/' && beforeRegex.test(text.slice(Math.max(0, i - 40), i)))
        return regexEnd(text, i);
    return i;
}

// The text with comments and literals blanked, every character in its place.
export function codeOf(text, isScript) {
    let code = '';
    for (let i = 0; i < text.length;) {
        const end = passageEnd(text, i, isScript);
        code += end > i ? text.slice(i, end).replace(/[^\n]/g, ' ') : text[i];
        i = Math.max(end, i + 1);
    }
    return code;
}

// The lines that a raw string of C++ touches: what it says is not laid out here.
export function rawStringLines(text) {
    const lines = new Set();
    for (let i = 0, line = 1; i < text.length;) {
        const end = Math.max(passageEnd(text, i, false), i + 1);
        const last = line + text.slice(i, end).split('\n').length - 1;
        if (text.startsWith('R"', i))
            for (let one = line; one <= last; ++one) lines.add(one);
        line = last;
        i = end;
    }
    return lines;
}

function blockKind(head, isScript) {
    if (/\b(?:if|for|while|switch|catch|else|do|try)\b\s*(?:\(|$)|\b(?:else|do|try|return|finally)\s*$/.test(head))
        return 'statement';
    if (isScript) return /=>\s*$|\)\s*$/.test(head) ? 'function' : /\bclass\b/.test(head) ? 'scope' : 'other';
    const flat = head.replace(/\boperator\s*\S+?(?=\()/g, 'operator').replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '()');
    if (/\bnamespace\b|\bextern\b\s*$/.test(flat)) return 'scope';
    if (/\b(?:struct|class|union|enum)\b/.test(flat) && !flat.includes('()')) return 'scope';
    if (/=\s*\[/.test(flat) || flat.trim() === '') return 'function';
    return flat.includes('()') && !/=\s*(?!0|default|delete)/.test(flat) ? 'function' : 'other';
}

// Every function: { line, lines }, from its opening brace to its closing one. In C++ the outermost ones.
export function functionsOf(text, isScript) {
    const code = codeOf(text, isScript);
    const found = [], open = [];
    let line = 1, head_start = 0, parentheses = 0;
    for (let i = 0; i < code.length; ++i) {
        if (code[i] === '\n') ++line;
        if (code[i] === '(') ++parentheses;
        if (code[i] === ')') --parentheses;
        if (code[i] === '{') {
            const head = code.slice(head_start, i).replace(/^\s*#.*$/gm, '').replace(/\s+/g, ' ');
            const isArgument = !isScript && parentheses > 0;
            const kind = isArgument ? 'other' : blockKind(head, isScript);
            const inside = open.some((block) => block.kind !== 'scope');
            open.push({kind, line, parentheses, counts: kind === 'function' && (isScript || !inside)});
            parentheses = 0;
        }
        if (code[i] === '}') {
            const block = open.pop();
            parentheses = block?.parentheses ?? 0;
            if (block?.counts) found.push({line: block.line, lines: line - block.line + 1});
        }
        const inArgument = !isScript && (parentheses > 0 || open.at(-1)?.parentheses > 0);
        if ('{};'.includes(code[i]) && !inArgument) head_start = i + 1;
    }
    return found;
}
