// The page must name whatever package is in it.
import assert from "node:assert/strict";
import test from "node:test";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { licences } from "../licences.mjs";

test("every package in the script is listed with version, licence and text, and no other", async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("kit/keys.entry.js", import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    target: ["chrome90"],
    external: ["node:fs"],
  });
  const found = licences(metafile);
  assert.deepEqual(
    found.map(({ name, licence }) => [name, licence]),
    [["@noble/hashes", "MIT"], ["libsodium-sumo", "ISC"], ["libsodium-wrappers-sumo", "ISC"], ["tweetnacl", "Unlicense"]],
  );
  for (const { version, integrity, text } of found) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.match(integrity, /^sha512-/);
    assert.match(text, /Copyright \(c\)|public domain/);
  }
});
