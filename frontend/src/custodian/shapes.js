// What kinds of values a file has where, as surveys/ballots/shapes.py: a kind, [shape of each part],
// each(shape of each value), or {name: shape}; a name with a question mark may be absent, further names may stand.
import { entriesOf, isObject } from "./python.js";

export const TEXT = (value) => typeof value === "string";
export const WHOLE = (value) => Number.isSafeInteger(value);
/** Slips or ballots that a survey can have are fewer, so that their sums stay exact. */
export const MORE_THAN_ANY = 2 ** 31;
export const AMOUNT = (value) => WHOLE(value) && value >= 0 && value < MORE_THAN_ANY;
export const YES = (value) => typeof value === "boolean";
export const ANY = (value) => value !== undefined;

class Each {
  constructor(shape) {
    this.shape = shape;
  }
}

export const each = (shape) => new Each(shape);

/** The place of the first value of another kind, as in `departments.0.name`; null if there is none. */
export function misfit(value, shape, place = "") {
  if (typeof shape === "function") return shape(value) ? null : place;
  if (Array.isArray(shape) ? !Array.isArray(value) : !isObject(value)) return place;
  for (const [name, part, inside] of partsOf(value, shape)) {
    const found = misfit(part, inside, place ? `${place}.${name}` : name);
    if (found !== null) return found;
  }
  return null;
}

function partsOf(value, shape) {
  if (Array.isArray(shape)) return value.map((part, number) => [String(number), part, shape[0]]);
  if (shape instanceof Each) return entriesOf(value).map(([name, part]) => [name, part, shape.shape]);
  const found = [];
  for (const [written, inside] of Object.entries(shape)) {
    const name = written.replace("?", "");
    const has = Object.prototype.hasOwnProperty.call(value, name);
    if (has || name === written) found.push([name, has ? value[name] : undefined, inside]);
  }
  return found;
}
