// The file of named persons' explanations of broken controls (surveys/ballots/explanations.py).
import { control } from "./control.js";
import { Malformed } from "./encoding.js";
import { Fault } from "./fault.js";
import { namesOf, parse } from "./python.js";
import { TEXT, YES, misfit } from "./shapes.js";

export const NAME = "explanations.json";
const FORMAT = "sanliang-explanations/1";
const UNREADABLE = "核对说明文件不完整或不属于本轮评价，请使用评价中心导出的原件。";
const EXPLANATION = { key: TEXT, said: TEXT, text: TEXT, by: TEXT, on: TEXT };
const CONTROL = { key: TEXT, said: TEXT, holds: YES, "explainable?": YES, "uncounted?": YES };
const FILE = { format: TEXT, survey: TEXT, explanations: [EXPLANATION], further: [CONTROL] };

/** A day as it is read; what is none stays. */
export const day = (on) => {
  const [, year, month, date] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(on) || [];
  return year ? `${year}年${Number(month)}月${Number(date)}日` : on;
};

/** Who explained which control how; `said` is the control's sentence with its numbers then. */
class Explanation {
  constructor({ key, said, text, by, on }) {
    Object.assign(this, { key, said, text, by, on });
  }

  toString() {
    return `${this.said}。说明：${this.text}（${this.by}，${day(this.on)}）`;
  }
}

/** `further`: the server's controls that no bundle can contain. */
class Explanations {
  constructor(given = [], further = []) {
    Object.assign(this, { given, further });
  }

  /** Map {key: the sentence that was explained}. */
  get explained() {
    return new Map(this.given.map((one) => [one.key, one.said]));
  }
}

export const NONE = new Explanations();

/** The explanation of a broken control, if it may be explained and the numbers are unchanged. */
export const explanationOf = (explanations, { key, said, holds, explainable }) =>
  explainable && !holds ? explanations.given.find((one) => one.key === key && one.said === said) : undefined;

/** Throws Fault for malformed input and for another survey. */
export function read(content, survey) {
  const found = parsed(content);
  const right =
    misfit(found, FILE) === null &&
    found.format === FORMAT &&
    found.survey === survey &&
    areExact(found.explanations, EXPLANATION) &&
    areExact(found.further, CONTROL);
  if (!right) throw new Fault(UNREADABLE);
  const further = found.further.map((one) => control(one.key, one.said, one.holds, one));
  return new Explanations(found.explanations.map((one) => new Explanation(one)), further);
}

/** Whether no entry has names beyond those of the shape. */
function areExact(entries, shape) {
  const names = Object.keys(shape).map((name) => name.replace("?", ""));
  return entries.every((entry) => namesOf(entry).every((name) => names.includes(name)));
}

function parsed(content) {
  try {
    return parse(content);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
