// Builds what stands in static/ballot/ and the custodian's page; with --check compares it with what is committed.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { custodianPage } from "./custodian.mjs";

const committed = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const source = (name) => fileURLToPath(new URL(`src/${name}`, import.meta.url));

const shared = {
  bundle: true,
  minify: true,
  write: false,
  charset: "utf8",
  legalComments: "none",
  // Every browser with BigInt reads that; check.js tells all older ones what to do.
  target: ["es2018"],
};

const check = await build({ ...shared, entryPoints: [source("check.js")], format: "iife", platform: "browser", target: ["es5"] });
const early = await build({ ...shared, entryPoints: [source("early.js")], format: "iife", platform: "browser" });
const script = await build({ ...shared, entryPoints: [source("main.js")], format: "iife", platform: "browser" });
const board = await build({ ...shared, entryPoints: [source("board.js")], format: "iife", platform: "browser" });
const style = await build({ ...shared, entryPoints: [source("voter.css")] });
const page = await custodianPage();
const digest = createHash("sha256").update(page).digest("hex");
const manual = readFileSync(committed("docs/manuals/custodian.md"), "utf8");
const DIGEST = /^( +)[0-9a-f]{64}$/m;
if (!DIGEST.test(manual)) throw new Error("docs/manuals/custodian.md has no line of 64 digits for the digest of the page");
const outputs = [
  ["static/ballot/check.js", check.outputFiles[0].contents],
  ["static/ballot/early.js", early.outputFiles[0].contents],
  ["static/ballot/voter.js", script.outputFiles[0].contents],
  ["static/ballot/board.js", board.outputFiles[0].contents],
  ["static/ballot/voter.css", style.outputFiles[0].contents],
  ["surveys/box/custodian.html", page],
  // The manual prints the digest by which a custodian recognizes the page.
  ["docs/manuals/custodian.md", Buffer.from(manual.replace(DIGEST, `$1${digest}`))],
];

const before = (name) => {
  try {
    return readFileSync(committed(name));
  } catch (problem) {
    return null;
  }
};

let stale = false;
for (const [name, contents] of outputs) {
  const built = Buffer.from(contents);
  if (process.argv.includes("--check")) {
    const found = before(name);
    if (!found || !built.equals(found)) {
      console.error(`${name} is not what frontend/ builds; run: npm run build`);
      stale = true;
    }
  } else {
    mkdirSync(dirname(committed(name)), { recursive: true });
    writeFileSync(committed(name), built);
    console.log(`${name}: ${built.length} bytes, ${gzipSync(built).length} gzipped`);
  }
}
console.log(`custodian.html SHA-256: ${digest}`);
process.exit(stale ? 1 : 0);
