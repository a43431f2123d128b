// The voter's half of RFC 9474, RSABSSA-SHA384-PSS-Randomized, on BigInt. Plain http on a hall
// network has no crypto.subtle. Names follow the RFC; tests hold it to the RFC's vectors.
import { sha384 } from "@noble/hashes/sha2.js";
import { concat, fromHex, toHex } from "./bytes.js";
import { randomBytes } from "./random.js";

const ZERO = BigInt(0);
const ONE = BigInt(1);
const E_BITS = 16; // e = 65537 = 2^16 + 1
const HASH = 48;
export const SALT = 48;
export const PREFIX = 32;

const toNumber = (bytes) => BigInt(`0x${toHex(bytes) || "0"}`);
const bitsOf = (n) => n.toString(2).length;

function toBytes(number, length) {
  return fromHex(number.toString(16).padStart(length * 2, "0"));
}

/** base^65537 mod n: sixteen squarings and one product. */
function powE(base, n) {
  let power = base;
  for (let i = 0; i < E_BITS; i += 1) power = (power * power) % n;
  return (power * base) % n;
}

/** The inverse modulo n, or null where there is none. */
function invert(value, n) {
  let [low, high, x, y] = [value % n, n, ONE, ZERO];
  while (low > ONE) {
    const quotient = high / low;
    [high, low] = [low, high - quotient * low];
    [y, x] = [x, y - quotient * x];
  }
  if (low !== ONE) return null;
  return x < ZERO ? x + n : x;
}

function mgf1(seed, length) {
  const blocks = [];
  for (let counter = 0; counter * HASH < length; counter += 1) {
    blocks.push(sha384(concat(seed, Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter))));
  }
  return concat(...blocks).slice(0, length);
}

function clearTop(block, length, bits) {
  block[0] &= 0xff >>> (8 * length - bits);
  return block;
}

/** EMSA-PSS-ENCODE with SHA-384, MGF1 and a salt of 48 bytes. */
function encode(message, bits, salt) {
  const length = Math.ceil(bits / 8);
  const digest = sha384(concat(new Uint8Array(8), sha384(message), salt));
  const block = concat(new Uint8Array(length - salt.length - HASH - 2), Uint8Array.of(1), salt);
  const mask = mgf1(digest, block.length);
  return concat(clearTop(block.map((byte, i) => byte ^ mask[i]), length, bits), digest, Uint8Array.of(0xbc));
}

/** EMSA-PSS-VERIFY. */
function encodes(message, encoded, bits) {
  const length = encoded.length;
  const digest = encoded.slice(length - HASH - 1, length - 1);
  const masked = encoded.slice(0, length - HASH - 1);
  const mask = mgf1(digest, masked.length);
  const block = clearTop(masked.map((byte, i) => byte ^ mask[i]), length, bits);
  const padding = block.length - SALT - 1;
  const padded = block.slice(0, padding).every((byte) => byte === 0) && block[padding] === 1;
  const again = sha384(concat(new Uint8Array(8), sha384(message), block.slice(padding + 1)));
  return encoded[length - 1] === 0xbc && padded && toHex(again) === toHex(digest);
}

export const prepare = (message) => concat(randomBytes(PREFIX), message);

/** A random value below n that has an inverse; at once its inverse, which the RFC calls inv. */
function randomPair(n, length) {
  for (;;) {
    const r = toNumber(randomBytes(length));
    if (r > ONE && r < n) {
      const inverse = invert(r, n);
      if (inverse !== null) return [r, inverse];
    }
  }
}

/** → { blinded, inverse }; `salt` and `inverse` are given only by the tests. */
export function blind(modulus, message, { salt = randomBytes(SALT), inverse = null } = {}) {
  const n = toNumber(modulus);
  const m = toNumber(encode(message, bitsOf(n) - 1, salt));
  const [r, inv] = inverse ? [invert(toNumber(inverse), n), toNumber(inverse)] : randomPair(n, modulus.length);
  return { blinded: toBytes((m * powE(r, n)) % n, modulus.length), inverse: toBytes(inv, modulus.length) };
}

export function verify(modulus, message, signature) {
  const n = toNumber(modulus);
  const s = toNumber(signature);
  if (signature.length !== modulus.length || s >= n) return false;
  const bits = bitsOf(n) - 1;
  const length = Math.ceil(bits / 8);
  const value = powE(s, n);
  return bitsOf(value) <= bits && encodes(message, toBytes(value, length), bits);
}

/** Unblinds and verifies; a wrong answer is never kept. */
export function finalize(modulus, message, blindSignature, inverse) {
  const n = toNumber(modulus);
  const z = toNumber(blindSignature);
  if (blindSignature.length !== modulus.length || z >= n) throw new Error("blind signature out of range");
  const signature = toBytes((z * toNumber(inverse)) % n, modulus.length);
  if (!verify(modulus, message, signature)) throw new Error("not a signature");
  return signature;
}
