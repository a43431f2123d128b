// What a worker keeps between the calls of pool.js: the bundle, opened for itself, and the key.
import { openBundle } from "./bundle.js";
import { Count, Teller, addPaper } from "./counting.js";

let bundle = null;
let teller = null;

/** `checked`: as Bundle.hold takes it; nothing is opened that was not checked. */
export async function sitDown(blob, privateKey, checked) {
  bundle = await openBundle(blob);
  bundle.hold(checked);
  teller = new Teller(bundle.public, privateKey);
}

/** The fields of a Count, over the range of ballots that begins with the first. */
export async function countRange(first) {
  return { ...(await teller.count(await bundle.rangeAt(first))) };
}

/** The fields of a Count, over the packets. */
export async function countPaper() {
  const found = Count.of(bundle.public.form);
  try {
    await addPaper(found, bundle, teller.privateKey);
  } catch (fault) {
    throw bundle.altered || fault; // paper.js has one sentence for everything that is wrong with paper
  }
  return { ...found };
}

/** The key is wiped; with the worker goes what libsodium copied. */
export function standUp() {
  if (teller.privateKey) teller.privateKey.fill(0);
  [bundle, teller] = [null, null];
}
