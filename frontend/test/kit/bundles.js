// What the custodian's page finds in a file, for tests that ask the command line the same.
import { fstatSync, openSync, readSync } from "node:fs";
import { members } from "../../src/custodian/archive.js";
import { checkCounts, controls } from "../../src/custodian/controls.js";
import { openBundle } from "../../src/custodian/bundle.js";
import { unexplained } from "../../src/custodian/control.js";
import { Malformed } from "../../src/custodian/encoding.js";
import { explanationOf, read } from "../../src/custodian/explanations.js";
import { Fault } from "../../src/custodian/fault.js";
import { checkPublic, fingerprint } from "../../src/custodian/forms.js";
import { asciiSorted, byCodePoint, dumps, parse } from "../../src/custodian/python.js";

/** What `work` returns, or what it refuses. */
async function orFault(work) {
  try {
    return await work();
  } catch (error) {
    if (error.constructor !== Fault) throw error;
    return { refused: error.message };
  }
}

/** One after the other, as far as each goes: opening, faults of the files, controls. */
export async function judge(blob) {
  const bundle = await orFault(() => openBundle(blob));
  if (bundle.refused) return bundle;
  const found = { hash: bundle.hash, fp: fingerprint(bundle.public), faults: await bundle.faults() };
  return found.faults.length ? found : { ...found, controls: await orFault(() => controls(bundle)) };
}

export const judgeAll = (contents) => Promise.all(contents.map((content) => judge(new Blob([content]))));

/** A file that node's own Blob, counting in 32 bits, is too short for. */
class Long {
  constructor(path) {
    this.file = openSync(path);
    this.size = fstatSync(this.file).size;
  }

  slice(start, end) {
    const found = new Uint8Array(end - start);
    return { arrayBuffer: () => found.buffer.slice(0, readSync(this.file, found, 0, end - start, start)) };
  }
}

export const placesInLong = (path) => places(new Long(path));

/** Where each member is. */
export const places = (blob) =>
  orFault(async () => {
    const found = await members(blob);
    return new Map([...found].map(([name, { start, size }]) => [name, [start, size]]));
  });

/** The honest file with other bytes in some places, one after the other: [at, bytes left out, bytes put in]. */
function patched(blob, patches) {
  return patches.reduce(
    (whole, [at, gone, put]) => new Blob([whole.slice(0, at), put, whole.slice(at + gone)]),
    blob,
  );
}

export const judgePatched = (blob, cases) => Promise.all(cases.map((patches) => judge(patched(blob, patches))));

export const placesPatched = (blob, cases) => Promise.all(cases.map((patches) => places(patched(blob, patches))));

/** The same bundle with other files of counts. */
export async function judgeCounts(blob, contents) {
  const bundle = await openBundle(blob);
  const judged = (content) => orFault(async () => (await checkCounts(parse(content), bundle)) || null);
  return Promise.all(contents.map((content) => orMalformed(() => judged(content))));
}

async function orMalformed(work) {
  try {
    return await work();
  } catch (error) {
    if (error.constructor !== Malformed) throw error;
    return { malformed: true };
  }
}

export const judgeForms = (contents) =>
  Promise.all(
    contents.map((content) =>
      orMalformed(() =>
        orFault(() => {
          const found = parse(content);
          checkPublic(found);
          return fingerprint(found);
        }),
      ),
    ),
  );

/** What a file of explanations says, and which controls it leaves. */
export const judgeExplanations = (contents, survey, found) =>
  Promise.all(
    contents.map((content) =>
      orFault(() => {
        const given = read(content, survey);
        return {
          given: given.given.map(String),
          further: given.further,
          left: unexplained(found, given),
          told: found.map((one) => String(explanationOf(given, one) || "")),
        };
      }),
    ),
  );

/** Texts of a value as Python writes them; null where it is none. */
export const rewritten = (contents) =>
  Promise.all(
    contents.map((content) =>
      orMalformed(() => {
        const value = parse(content);
        return [dumps(value), dumps(value, 1), asciiSorted(value)];
      }),
    ),
  );

export const sorted = (texts) => [...texts].sort(byCodePoint);
