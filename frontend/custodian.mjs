// Builds surveys/box/custodian.html: one file with script, style and a policy that names both by their SHA-256.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { licences } from "./licences.mjs";

const source = (name) => fileURLToPath(new URL(`src/custodian/${name}`, import.meta.url));
const mark = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const shared = {
  bundle: true,
  minify: true,
  write: false,
  charset: "utf8",
  legalComments: "none",
  target: ["chrome90", "firefox102"],
};

async function script() {
  const built = await build({
    ...shared,
    entryPoints: [source("main.js")],
    metafile: true,
    format: "iife",
    platform: "browser",
    // Named where that library looks whether it runs under Node; never reached in a browser.
    external: ["node:fs", "crypto"],
  });
  return [asWritten(built.outputFiles[0].text.trim()), licences(built.metafile)];
}

async function style() {
  const built = await build({ ...shared, entryPoints: [source("page.css")] });
  return asWritten(built.outputFiles[0].text.trim());
}

/** A browser reads line ends and NUL otherwise than they were written, and ends a script at its first end tag. */
function asWritten(text) {
  if (/[\r\0]|<\/(script|style)|<!--/i.test(text)) throw new Error("not the text that a browser would read");
  return text;
}

/** The whole file as it is committed, served and carried over. */
export async function custodianPage() {
  const [[theScript, used], theStyle] = await Promise.all([script(), style()]);
  const policy = [
    "default-src 'none'",
    `script-src ${mark(theScript)} 'wasm-unsafe-eval'`,
    `style-src ${mark(theStyle)}`,
    "img-src data: blob:",
    "worker-src blob:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const parts = { policy, style: theStyle, licences: used.map(licenceOf).join("\n"), script: theScript };
  const page = readFileSync(source("page.html"), "utf8");
  return Buffer.from(page.replace(/\{(policy|style|licences|script)\}/g, (_, name) => parts[name]));
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function licenceOf({ name, version, licence, integrity, text }) {
  const head = `<h2>${escaped(name)} ${escaped(version)}</h2><p>许可：${escaped(licence)}</p>`;
  const locked = `<p class="hint">锁定文件的校验值：<code>${escaped(integrity)}</code></p>`;
  const whole = `<p class="licence" lang="en">${escaped(text)}</p>`;
  return `${head}${locked}<details class="box"><summary>许可全文</summary>${whole}</details>`;
}
