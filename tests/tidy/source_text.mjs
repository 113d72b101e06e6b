// Just enough of a lexer for C++ and JavaScript: which characters are code, and how long functions are.

// After these, a slash begins a regular expression (JavaScript only).
const before_regex = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|yield|await|else))\s*$/;

function string_end(text, start) {
    let i = start + 1;
    while (i < text.length && text[i] !== text[start] && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1;
    return i + 1;
}

function regex_end(text, start) {
    let in_class = false;
    for (let i = start + 1; i < text.length; ++i) {
        if (text[i] === '\\')
            ++i;
        else if (text[i] === '[')
            in_class = true;
        else if (text[i] === ']')
            in_class = false;
        else if (text[i] === '\n' || (text[i] === '/' && !in_class))
            return i + 1;
    }
    return text.length;
}

// A template's ${...} may hold templates again.
function template_end(text, start) {
    for (let i = start + 1; i < text.length; ++i) {
        if (text[i] === '\\')
            ++i;
        else if (text[i] === '`')
            return i + 1;
        else if (text.startsWith('${', i))
            i = hole_end(text, i + 2);
    }
    return text.length;
}

function hole_end(text, start) {
    let depth = 1;
    for (let i = start; i < text.length; ++i) {
        if (text[i] === '`')
            i = template_end(text, i) - 1;
        else if (text[i] === '\'' || text[i] === '"')
            i = string_end(text, i) - 1;
        else if (text[i] === '{')
            ++depth;
        else if (text[i] === '}' && --depth === 0)
            return i;
    }
    return text.length;
}

function to_line_end(text, start) {
    const end = text.indexOf('\n', start);
    return end < 0 ? text.length : end;
}

// End of the comment or literal that begins at `i`, or `i` when none does.
function passage_end(text, i, is_script) {
    const rest_is = (token) => text.startsWith(token, i);
    if (rest_is('//')) return to_line_end(text, i);
    if (rest_is('/*')) return (text.indexOf('*/', i + 2) + 1 || text.length - 1) + 1;
    if (!is_script && rest_is('R"')) {
        const close = `)${text.slice(i + 2, text.indexOf('(', i))}"`;
        return text.indexOf(close, i) + close.length;
    }
    if (text[i] === '"') return string_end(text, i);
    if (text[i] === '\'' && (is_script || !/\w/.test(text[i - 1] ?? ''))) return string_end(text, i);  // not 1'000
    if (is_script && text[i] === '`') return template_end(text, i);
    if (is_script && text[i] === '/' && before_regex.test(text.slice(Math.max(0, i - 40), i)))
        return regex_end(text, i);
    return i;
}

// The text with comments and literals blanked, every character in its place.
export function code_of(text, is_script) {
    let code = '';
    for (let i = 0; i < text.length;) {
        const end = passage_end(text, i, is_script);
        code += end > i ? text.slice(i, end).replace(/[^\n]/g, ' ') : text[i];
        i = Math.max(end, i + 1);
    }
    return code;
}

// The lines that a raw string of C++ touches: what it says is not laid out here.
export function raw_string_lines(text) {
    const lines = new Set();
    for (let i = 0, line = 1; i < text.length;) {
        const end = Math.max(passage_end(text, i, false), i + 1);
        const last = line + text.slice(i, end).split('\n').length - 1;
        if (text.startsWith('R"', i))
            for (let one = line; one <= last; ++one) lines.add(one);
        line = last;
        i = end;
    }
    return lines;
}

function block_kind(head, is_script) {
    if (/\b(?:if|for|while|switch|catch|else|do|try)\b\s*(?:\(|$)|\b(?:else|do|try|return|finally)\s*$/.test(head))
        return 'statement';
    if (is_script) return /=>\s*$|\)\s*$/.test(head) ? 'function' : /\bclass\b/.test(head) ? 'scope' : 'other';
    const flat = head.replace(/\boperator\s*\S+?(?=\()/g, 'operator').replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '()');
    if (/\bnamespace\b|\bextern\b\s*$/.test(flat)) return 'scope';
    if (/\b(?:struct|class|union|enum)\b/.test(flat) && !flat.includes('()')) return 'scope';
    if (/=\s*\[/.test(flat) || flat.trim() === '') return 'function';
    return flat.includes('()') && !/=\s*(?!0|default|delete)/.test(flat) ? 'function' : 'other';
}

// Every function: { line, lines }, from its opening brace to its closing one. In C++ the outermost ones.
export function functions_of(text, is_script) {
    const code = code_of(text, is_script);
    const found = [], open = [];
    let line = 1, head_start = 0, parentheses = 0;
    for (let i = 0; i < code.length; ++i) {
        if (code[i] === '\n') ++line;
        if (code[i] === '(') ++parentheses;
        if (code[i] === ')') --parentheses;
        if (code[i] === '{') {
            const head = code.slice(head_start, i).replace(/^\s*#.*$/gm, '').replace(/\s+/g, ' ');
            const is_argument = !is_script && parentheses > 0;
            const kind = is_argument ? 'other' : block_kind(head, is_script);
            const inside = open.some((block) => block.kind !== 'scope');
            open.push({kind, line, parentheses, counts: kind === 'function' && (is_script || !inside)});
            parentheses = 0;
        }
        if (code[i] === '}') {
            const block = open.pop();
            parentheses = block?.parentheses ?? 0;
            if (block?.counts) found.push({line: block.line, lines: line - block.line + 1});
        }
        const in_argument = !is_script && (parentheses > 0 || open.at(-1)?.parentheses > 0);
        if ('{};'.includes(code[i]) && !in_argument) head_start = i + 1;
    }
    return found;
}
