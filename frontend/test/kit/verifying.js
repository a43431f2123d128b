// What tests/ballots/test_custodian_verify.py asks: a whole verification, without workers.
import { countBundle } from "../../src/custodian/counting.js";
import { PublicPart, openEither, verifyPublic } from "../../src/custodian/publicPart.js";
import { verify } from "../../src/custodian/verify.js";

export async function verified(blob, privateKey, published) {
  const opened = await openEither(blob);
  const found =
    opened instanceof PublicPart
      ? await verifyPublic(opened, published)
      : await verify(opened, { privateKey, published, count });
  return { ...found, lines: found.lines() };
}

const counts = new Map();

/** The ballots are those of the manifest once its hashes hold, so the same box need not be opened twice. */
async function count(bundle, privateKey) {
  const box = `${bundle.hash} ${privateKey}`;
  if (!counts.has(box)) counts.set(box, await countBundle(bundle, privateKey));
  return counts.get(box);
}
