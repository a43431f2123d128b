// Voters' comments stored beside the results, which only the tally key opens (surveys/ballots/enclosed.py).
import { Malformed } from "./encoding.js";
import { isObject, parse } from "./python.js";
import { openSealed, publicKeyOf } from "./sodium.js";

export const NAME = "comments.sealed";

/** {comments}; null if the key does not open them or they are of another survey. */
export function disclose(sealed, survey, privateKey) {
  const plain = openSealed(sealed, publicKeyOf(privateKey), privateKey);
  if (!plain) return null;
  try {
    const inside = parse(plain);
    return isObject(inside) && "comments" in inside && inside.survey === survey ? { comments: inside.comments } : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
