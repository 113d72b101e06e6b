// Writes the tables that unicode/tables.hpp declares: node generate_tables.mjs UNICODE_DIR OUT.cpp
// UNICODE_DIR holds the files of the Unicode Character Database (Debian's unicode-data). ASCII is in none of the tables.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [unicodeDir, outFile] = process.argv.slice(2);

// The rows of a file: its fields, without comments and blanks.
function rowsOf(name) {
  const lines = readFileSync(join(unicodeDir, name), "utf8").split("\n");
  return lines.map((line) => line.replace(/#.*/, "")).filter((line) => line.includes(";"))
    .map((line) => line.split(";").map((field) => field.trim()));
}

const fromHex = (text) => Number.parseInt(text, 16);
const codesOf = (text) => text.split(" ").map(fromHex);

const characters = rowsOf("UnicodeData.txt")
  .map(([code, name, category, , , decomposition]) => ({ code: fromHex(code), name, category, decomposition }))
  .filter(({ code }) => code > 0x7f);
const byCode = new Map(characters.map((character) => [character.code, character]));

// ---- Where a link ends

const brackets = rowsOf("BidiBrackets.txt").filter(([, , type]) => type === "o")
  .map(([open, close]) => [fromHex(open), fromHex(close)]);
const paired = new Set(brackets.flat());

// Scripts that write these do so without spaces: what follows their punctuation is another sentence.
const eastAsian = rowsOf("EastAsianWidth.txt").filter(([, width]) => ["W", "F", "H"].includes(width))
  .map(([range]) => range.split("..").map(fromHex));
const isEastAsian = (code) => eastAsian.some(([first, last = first]) => code >= first && code <= last);

const insideWords = new Set([..."‘’‛・･"].map((letter) => letter.codePointAt(0)));

function boundaryOf({ code, category }) {
  if (["Cc", "Cf", "Zs", "Zl", "Zp"].includes(category)) return "hard";
  if (paired.has(code) || !["Pe", "Pf", "Pi", "Po"].includes(category)) return null;
  if (insideWords.has(code)) return "soft";
  return ["Pf", "Pi"].includes(category) || isEastAsian(code) ? "hard" : "soft";
}

function boundaryRanges() {
  const ranges = [];
  for (const character of characters) {
    const boundary = boundaryOf(character), last = ranges.at(-1);
    if (!boundary) continue;
    if (last?.boundary === boundary && last.first + last.count === character.code) last.count += 1;
    else ranges.push({ first: character.code, count: 1, boundary });
  }
  return ranges;
}

// ---- Latin letters

// Latin-1 to the combining diacritical marks, Latin Extended Additional, ligatures, full-width forms.
const latinBlocks = [[0x80, 0x36f], [0x1e00, 0x1eff], [0xfb00, 0xfb06], [0xff10, 0xff5a]];

// What neither a decomposition nor a name says.
const latinByHand = new Map(Object.entries({ ß: "ss", ẞ: "ss", Ð: "d", ð: "d", Þ: "th", þ: "th", Ŋ: "ng", ŋ: "ng",
  Ə: "e", ə: "e", ĸ: "k" }));

// In a-z and 0-9, by taking marks off, then by name (LATIN SMALL LETTER O WITH STROKE); null: none.
function lettersOf(code) {
  const letter = String.fromCodePoint(code);
  if (code < 0x80) return /[0-9A-Za-z]/.test(letter) ? letter.toLowerCase() : null;
  if (latinByHand.has(letter)) return latinByHand.get(letter);
  const { name, category, decomposition } = byCode.get(code);
  if (category === "Mn") return "";
  if (!/^(?:L|Nd)/.test(category)) return null;
  if (decomposition) {
    const parts = codesOf(decomposition.replace(/<.*> /, "")).map(lettersOf);
    return parts.includes(null) ? null : parts.join("");
  }
  return name.match(/^LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) (?:OPEN |DOTLESS )?([A-Z]{1,2})(?: WITH .*)?$/)?.[1]
    .toLowerCase() ?? null;
}

// Whether the letters go on a range: the same again, or the next letter of the alphabet.
function goesOn(range, code, letters) {
  const away = code - range.first;
  if (away !== range.count) return null;
  if (letters === range.letters) return range.count === 1 || !range.rising ? { rising: false } : null;
  const next = letters.length === 1 && range.letters.length === 1 &&
    letters.charCodeAt(0) === range.letters.charCodeAt(0) + away;
  return next && (range.count === 1 || range.rising) ? { rising: true } : null;
}

function latinRanges() {
  const ranges = [];
  for (const [first, last] of latinBlocks)
    for (const { code } of characters.filter((one) => one.code >= first && one.code <= last)) {
      const letters = lettersOf(code);
      if (letters === null) continue;
      const more = ranges.length > 0 && goesOn(ranges.at(-1), code, letters);
      if (more) Object.assign(ranges.at(-1), more, { count: ranges.at(-1).count + 1 });
      else ranges.push({ first: code, count: 1, rising: false, letters });
    }
  return ranges;
}

// ---- The file

const hex = (code) => "0x" + code.toString(16).toUpperCase();
const boundaryRow = ({ first, count, boundary }) => `    {${hex(first)}, ${count}, ${boundary === "hard" ? 1 : 0}},`;
const bracketRow = ([open, close]) => `    {${hex(open)}, ${hex(close)}},`;
const latinRow = ({ first, count, rising, letters }) =>
  `    {${hex(first)}, ${count}, ${rising ? 1 : 0}, "${letters}"},`;

const table = (type, name, rows) =>
  `constexpr ${type} all_${name}[] = {\n${rows.join("\n")}\n};\n` +
  `const std::span<const ${type}> ${name}(all_${name});\n`;

writeFileSync(outFile, `// Generated by shared/unicode/generate_tables.mjs from the Unicode Character Database.
#include "shared/unicode/tables.hpp"

namespace parley::unicode {

${table("boundary_range", "boundary_ranges", boundaryRanges().map(boundaryRow))}
${table("bracket_pair", "bracket_pairs", brackets.sort(([a], [b]) => a - b).map(bracketRow))}
static_assert(std::size(all_bracket_pairs) <= bracket_pairs_max);

${table("latin_range", "latin_ranges", latinRanges().map(latinRow))}
}  // namespace parley::unicode
`);
