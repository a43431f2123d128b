// Voters' comments stored beside the results, which only the tally key opens (surveys/ballots/enclosed.py).
import { Malformed } from "./encoding.js";
import { isObject, parse } from "./python.js";

export const NAME = "comments.sealed";

/** {comments} of the opened text; null if the key did not open it or it is of another survey. */
export function disclosed(plain, survey) {
  if (!plain) return null;
  try {
    const inside = parse(plain);
    return isObject(inside) && "comments" in inside && inside.survey === survey ? { comments: inside.comments } : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
