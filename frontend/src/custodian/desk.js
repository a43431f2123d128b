// What a worker keeps between the calls of pool.js: the bundle, opened for itself, and the key.
import { openBundle } from "./bundle.js";
import { Teller } from "./counting.js";

let bundle = null;
let teller = null;

export async function sitDown(blob, privateKey) {
  bundle = await openBundle(blob);
  teller = new Teller(bundle.public, privateKey);
}

/** The fields of a Count, over so many ballots from the first on. */
export async function countRange(first, number) {
  return { ...(await teller.count(await bundle.ballotBytes(first, number))) };
}

/** The key is wiped; with the worker goes what libsodium copied. */
export function standUp() {
  if (teller.privateKey) teller.privateKey.fill(0);
  [bundle, teller] = [null, null];
}
