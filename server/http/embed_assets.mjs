// Prepares the page for the binary: node embed_assets.mjs ESBUILD OUT_DIR FILE...
// A script becomes one file with all that it imports, scripts and styles lose what only people read, every file but
// *.html gets a hash of its content in its name, the files that refer to it are rewritten, brotli and gzip forms are
// made, and OUT_DIR/assets.S holds all bytes, OUT_DIR/assets.cpp the table of them (http/assets.hpp).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [esbuild, outDir, ...paths] = process.argv.slice(2);
const sources = join(outDir, "sources");  // one folder, as the page sees them

const isAsset = (name) => !name.endsWith(".html");
const isText = (name) => [".js", ".css", ".html", ".svg"].includes(extname(name));
const isCompressed = (name) => [".png", ".webp", ".woff2", ".ico"].includes(extname(name));
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

function hashedName(name, hash) {
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
}

// A reference is the whole name, quoted or in parentheses: "app.js", url(icon.svg); a word in a comment is none.
const mentionOf = (name) => new RegExp(`(?<=["'(/])${name.replaceAll(".", "\\.")}(?=["')?#])`, "g");

// Files in an order in which each comes after all that it refers to, so that their final names are known.
function inOrder(files) {
  const done = new Set();
  const visit = (file, path) => {
    if (done.has(file)) return;
    if (path.includes(file)) throw new Error(`files refer to each other in a circle: ${file.name}`);
    file.refersTo.forEach((other) => visit(other, [...path, file]));
    done.add(file);
  };
  files.forEach((file) => visit(file, []));
  return [...done];
}

function rewrite(file) {
  if (!isText(file.name)) return file.source;
  const replaceName = (text, other) => text.replace(mentionOf(other.name), other.hashed);
  return Buffer.from(file.refersTo.reduce(replaceName, file.source.toString("utf8")));
}

// What a script loads later, when it is needed, is a file of its own.
const loadedLaterBy = (text) => [...text.matchAll(/\bimport\("\.\/([^"]+)"\)/g)].map(([, name]) => name);
const importsOf = (text) => [...text.matchAll(/^import [^;]*"\.\/([^"]+)";$/gm)].map(([, name]) => name);

// As it is sent. The language of the target is the one that the files are written in: nothing is translated.
function sent(name) {
  const path = join(sources, name);
  if (![".js", ".css"].includes(extname(name))) return readFileSync(path);
  const text = readFileSync(path, "utf8");
  const options = ["--minify", "--charset=utf8", "--target=esnext", "--log-level=warning"];
  if (importsOf(text).length > 0)
    options.push("--bundle", "--format=esm", ...loadedLaterBy(text).map((later) => `--external:./${later}`));
  return execFileSync(esbuild, [path, ...options], { timeout: 60_000 });
}

// Files that travel inside the script that imports them are none of their own.
function readSources() {
  rmSync(sources, { recursive: true, force: true });
  mkdirSync(sources, { recursive: true });
  for (const path of paths) copyFileSync(path, join(sources, basename(path)));
  const names = paths.map((path) => basename(path)).sort();
  const scripts = names.filter((name) => name.endsWith(".js"));
  const imported = new Set(scripts.flatMap((name) => importsOf(readFileSync(join(sources, name), "utf8"))));
  return names.filter((name) => !imported.has(name)).map((name) => ({ name, source: sent(name) }));
}

// What a page should fetch at once: its modules and the wasm. A classic script is not a module.
function linksOf(asset) {
  if (!asset.name.endsWith(".html")) return "";
  const isModule = ({ hashed }) => asset.bytes.includes(`type="module" src="${hashed}"`);
  const needed = new Set();
  const visit = (node) => { needed.add(node); node.refersTo.filter(({ name }) => !node.later.includes(name)).forEach(visit); };
  asset.refersTo.filter(isModule).forEach(visit);
  const link = ({ hashed }) =>
    hashed.endsWith(".js") ? `<${hashed}>; rel=modulepreload`
    : hashed.endsWith(".wasm") ? `<${hashed}>; rel=preload; as=fetch; crossorigin` : "";
  return [...needed].map(link).filter(Boolean).join(", ");
}

function prepare() {
  const files = readSources();
  for (const file of files) {
    const text = isText(file.name) ? file.source.toString("utf8") : "";
    file.refersTo = files.filter((other) => other !== file && mentionOf(other.name).test(text) && isAsset(other.name));
    file.later = loadedLaterBy(text);
  }
  for (const file of inOrder(files)) {
    file.bytes = rewrite(file);
    file.hash = hashOf(file.bytes);
    file.hashed = isAsset(file.name) ? hashedName(file.name, file.hash) : file.name;
  }
  return files;
}

function compress(asset) {
  if (isCompressed(asset.name)) return { br: Buffer.alloc(0), gz: Buffer.alloc(0) };
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: asset.bytes.length };
  return { br: brotliCompressSync(asset.bytes, { params }), gz: gzipSync(asset.bytes, { level: 9 }) };
}

function write(assets) {
  mkdirSync(outDir, { recursive: true });
  const asm = ['    .section .rodata, "a", @progbits'];
  const declared = [];
  const rows = [];
  assets.forEach((asset, index) => {
    const forms = { plain: asset.bytes, ...compress(asset) };
    const views = Object.entries(forms).map(([form, bytes]) => {
      if (bytes.length === 0) return "{}";
      const symbol = `parley_asset_${index}_${form}`;
      const file = join(outDir, `${asset.name}.${form}`);
      writeFileSync(file, bytes);
      asm.push(`    .global ${symbol}`, `${symbol}:`, `    .incbin "${file}"`);
      declared.push(`extern "C" const char ${symbol}[];`);
      return `{${symbol}, ${bytes.length}}`;
    });
    const text = [asset.name, asset.hashed, asset.hash, linksOf(asset)].map((value) => JSON.stringify(value));
    rows.push(`    {${[...text, ...views].join(", ")}},`);
  });
  asm.push('    .section .note.GNU-stack, "", @progbits', "");
  writeFileSync(join(outDir, "assets.S"), asm.join("\n"));
  writeFileSync(join(outDir, "assets.cpp"), `// Generated by embed_assets.mjs: the page, inside the binary.
#include "server/http/assets.hpp"

#include <vector>

${declared.join("\n")}

namespace parley::http {

std::span<const asset> embedded_assets() {
    static const std::vector<asset> all{
${rows.join("\n")}
    };
    return all;
}

}  // namespace parley::http
`);
}

write(prepare());
