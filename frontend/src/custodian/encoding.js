// Base64url without padding, and the alphabet of slips, keys and fingerprints: surveys/ballots/encoding.py.
import * as bytes from "../bytes.js";
import { ALPHABET } from "../slip.js";

export { ALPHABET };

/** Bytes or text that no honest client sends. */
export class Malformed extends Error {}

const ZERO = BigInt(0);
const SYMBOLS = BigInt(ALPHABET.length);
const LONGEST_TYPED = 400;
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;

export const toB64 = bytes.toB64;

/** Strict: one spelling per value, so that the spelling carries nothing. */
export function fromB64(text, length = null) {
  if (typeof text !== "string" || (length !== null && text.length !== Math.ceil((4 * length) / 3))) {
    throw new Malformed(`not ${length} bytes`);
  }
  if (text.length % 4 === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) throw new Malformed("not base64url");
  const data = bytes.fromB64(text);
  if (toB64(data) !== text) throw new Malformed("not the one spelling");
  return data;
}

export function toSymbols(number, length) {
  const symbols = [];
  let left = BigInt(number);
  for (let place = 0; place < length; place += 1) {
    symbols.unshift(ALPHABET[Number(left % SYMBOLS)]);
    left /= SYMBOLS;
  }
  if (left !== ZERO) throw new RangeError("the number does not fit");
  return symbols.join("");
}

export const bigNumber = (data) => BigInt(`0x${bytes.toHex(data) || "0"}`);

export function inFours(text) {
  const symbols = Array.from(text);
  const fours = [];
  for (let start = 0; start < symbols.length; start += 4) fours.push(symbols.slice(start, start + 4).join(""));
  return fours.join(" ");
}

/** Upper case, half width, only ASCII letters and digits; nothing of a text that is too long to be a code. */
export function normalize(text) {
  if (text.length > 2 * LONGEST_TYPED || Array.from(text).length > LONGEST_TYPED) return "";
  return text.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
}

/** As Python's `"".join(text.split())`. */
export const withoutBlanks = (text) => text.replace(BLANKS, "");
