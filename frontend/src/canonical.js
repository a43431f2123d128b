// One text for one form, the same as surveys/ballots/forms.py writes, and its fingerprint.
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, utf8 } from "./bytes.js";
import { ALPHABET } from "./slip.js";

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value)) return JSON.stringify(value);
  throw new Error("a form holds strings, integers, booleans, lists and objects only");
}

export const formHash = (publicPart) => sha256(utf8(`sanliang/form/1|${canonical(publicPart)}`));

/** 128 bits in 26 symbols of the slip's alphabet, as printed on the slip and posted in the hall. */
export function fingerprint(publicPart) {
  const base = BigInt(ALPHABET.length);
  let number = BigInt(`0x${toHex(formHash(publicPart).slice(0, 16))}`);
  let text = "";
  for (let i = 0; i < 26; i += 1) {
    text = ALPHABET[Number(number % base)] + text;
    number /= base;
  }
  return text;
}
