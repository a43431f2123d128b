// Random bytes from the browser's own generator; there is no other source.
export function randomBytes(length) {
  const bytes = new Uint8Array(length);
  globalThis.crypto.getRandomValues(bytes);
  return bytes;
}

/** A random whole number from 1 to `most` (below 2^31). */
export function randomStep(most) {
  const words = new Uint32Array(1);
  globalThis.crypto.getRandomValues(words);
  return 1 + (words[0] % most);
}

/** A random whole number from 1 to 2^52: as wide as numbers are exact here, with room above. */
export function randomStart() {
  const words = new Uint32Array(2);
  globalThis.crypto.getRandomValues(words);
  return 1 + (words[0] % 2 ** 20) * 2 ** 32 + words[1];
}
