// Builds static/ballot/check.js, early.js, voter.js, board.js and voter.css; with --check compares them with what is committed.
import { build } from "esbuild";
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const target = fileURLToPath(new URL("../static/ballot/", import.meta.url));
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
const outputs = [
  ["check.js", check.outputFiles[0].contents],
  ["early.js", early.outputFiles[0].contents],
  ["voter.js", script.outputFiles[0].contents],
  ["board.js", board.outputFiles[0].contents],
  ["voter.css", style.outputFiles[0].contents],
];

let stale = false;
mkdirSync(target, { recursive: true });
for (const [name, contents] of outputs) {
  const built = Buffer.from(contents);
  if (process.argv.includes("--check")) {
    if (!built.equals(readFileSync(target + name))) {
      console.error(`static/ballot/${name} is not what frontend/ builds; run: npm run build`);
      stale = true;
    }
  } else {
    writeFileSync(target + name, built);
    console.log(`static/ballot/${name}: ${built.length} bytes, ${gzipSync(built).length} gzipped`);
  }
}
process.exit(stale ? 1 : 0);
