// Whose work a built script contains: read from what esbuild put into it, not from a list that somebody keeps.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const lock = JSON.parse(readFileSync(fileURLToPath(new URL("package-lock.json", import.meta.url)), "utf8"));
const PACKAGE = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;
const TEXTS = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "COPYING"];

/** `metafile`: of a build with `metafile: true` → [{name, version, licence, integrity, text}], by name. */
export function licences(metafile) {
  const used = new Map();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const found = PACKAGE.exec(path);
      if (found && bytesInOutput) used.set(found[2], found[1]);
    }
  }
  return [...used].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, folder]) => licenceOf(name, resolve(folder)));
}

function licenceOf(name, folder) {
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const locked = lock.packages[`node_modules/${name}`];
  const text = TEXTS.map((each) => `${folder}/${each}`).find(existsSync);
  if (!license || !text) throw new Error(`${name} does not say under which licence it may be passed on`);
  if (!locked || locked.version !== version) throw new Error(`${name} ${version} is not the version of the lock file`);
  return { name, version, licence: license, integrity: locked.integrity, text: readFileSync(text, "utf8").trim() };
}
