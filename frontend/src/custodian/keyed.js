// What is done with the private key beside the count. Where it matters that nothing of it remains, apart.js does it:
// libsodium's memory keeps copies of what it was given, and goes only with the worker or the window.
import * as keyfile from "./keyfile.js";
import { fits, isSigned, signed } from "./signing.js";
import { openSealed, publicKeyOf } from "./sodium.js";
import { fittingKey } from "./tally.js";

/** What these need of a survey's public part; the rest has types of its own, which no message carries. */
export const keysOf = (publicPart) => {
  const { tally_key, counts_key } = publicPart;
  return isSigned(publicPart) ? { tally_key, counts_key } : { tally_key };
};

/** Throws Fault unless the private key is the survey's. */
export const fit = (keys, privateKey) => fittingKey({ public: keys }, privateKey);

export const isSigner = (keys, privateKey) => fits(privateKey, keys);

export const sign = (keys, privateKey, counts) => signed(counts, privateKey, keys);

/** The plain text of what was sealed to the tally key, or null. */
export const unseal = (sealed, privateKey) => openSealed(sealed, publicKeyOf(privateKey), privateKey);

/** [answer, mark] */
export const rehearse = (challenge, privateKey) => [
  keyfile.answerChallenge(challenge, privateKey),
  keyfile.markOf(privateKey),
];
