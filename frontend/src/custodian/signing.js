// The custodian's signature under the counts (surveys/ballots/signing.py).
import { concat, toHex, utf8 } from "../bytes.js";
import { fromB64, toB64 } from "./encoding.js";
import { countsKey, countsSeed } from "./keyfile.js";
import { asciiSorted, hasHalves } from "./python.js";
import { randomBytes, sha256, sign, signatureHolds } from "./sodium.js";

const NOT_SIGNED = ["comments", "comments_nonce", "signature"];
const NONCE_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

/** Whether the survey's form names a key for its counts; those of earlier versions do not. */
export const isSigned = (publicPart) => "counts_key" in publicPart;

/** Whether the key in the form is the one that follows from this tally key, or there is none. */
export const fits = (privateKey, publicPart) =>
  !isSigned(publicPart) || publicPart.counts_key === toB64(countsKey(privateKey));

/** The counts with the custodian's signature, if the form names a key for it. */
export function signed(counts, privateKey, publicPart) {
  if (!isSigned(publicPart)) return counts;
  const nonce = toB64(randomBytes(NONCE_LENGTH));
  const marked = { ...counts, comments_nonce: nonce, comments_mark: mark(counts.comments, nonce) };
  return { ...marked, signature: toB64(sign(countsSeed(privateKey), message(marked))) };
}

/**
 * Whether the custodian signed these counts, and the comments where they are among them; true where the form names
 * no key. Counts beside the results come without comments.
 */
export function holds(counts, publicPart) {
  if (!isSigned(publicPart)) return true;
  try {
    if ("comments" in counts) {
      const nonce = counts.comments_nonce;
      const right = typeof nonce === "string" && !hasHalves(nonce) && counts.comments_mark === mark(counts.comments, nonce);
      if (!right) return false;
    }
    const signature = fromB64(counts.signature, SIGNATURE_LENGTH);
    return signatureHolds(fromB64(publicPart.counts_key, 32), message(counts), signature);
  } catch {
    return false;
  }
}

const mark = (comments, nonce) =>
  toHex(sha256(concat(utf8(`sanliang/comments/1|${nonce}|`), utf8(asciiSorted(comments)))));

function message(counts) {
  const numbers = Object.fromEntries(Object.entries(counts).filter(([name]) => !NOT_SIGNED.includes(name)));
  return concat(utf8("sanliang/counts/1|"), utf8(asciiSorted(numbers)));
}
