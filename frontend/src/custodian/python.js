// JSON as Python reads and writes it (surveys/ballots/plain_json.py), where JavaScript's own differs: whole numbers
// keep all digits and are no others with a point, no name stands twice, names keep their order, and text is sorted by
// its characters.
import { Malformed } from "./encoding.js";
import { Fault } from "./fault.js";

const MOST_DEEP = 64;
const MOST_DIGITS = 4300;
const BLANK = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const HEX = /^[0-9a-fA-F]{4}$/;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = { t: ["true", true], f: ["false", false], n: ["null", null] };
const INDEX = /^(?:0|[1-9][0-9]*)$/;
const ORDER = Symbol("the names as they were written");
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A number written with a point or an exponent: never equal to a whole one here. */
export class Float {
  constructor(value) {
    this.value = value;
  }
}

export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Float);

/** The names in the order of the text: JavaScript puts those that look like numbers first. */
export const namesOf = (value) => (value instanceof Map ? [...value.keys()] : value[ORDER] || Object.keys(value));

export const entriesOf = (value) =>
  value instanceof Map ? [...value.entries()] : namesOf(value).map((name) => [name, value[name]]);

const HALVES = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
export const hasHalves = (text) => (text.match(HALVES) || []).some((found) => found.length === 1);

function whole(text) {
  if (hasHalves(text)) throw new Malformed("half a character");
  return text;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  taken(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  whole() {
    this.taken(BLANK);
    const value = this.value(0);
    this.taken(BLANK);
    if (this.at !== this.text.length) throw new Malformed("more than one value");
    return value;
  }

  value(depth) {
    const symbol = this.text[this.at];
    if (symbol === '"') return this.string();
    if ((symbol === "{" || symbol === "[") && depth === MOST_DEEP) throw new Malformed("too deep");
    if (symbol === "{") return this.object(depth + 1);
    if (symbol === "[") return this.list(depth + 1);
    const word = WORDS[symbol];
    if (!word) return this.number();
    if (!this.text.startsWith(word[0], this.at)) throw new Malformed("no value");
    this.at += word[0].length;
    return word[1];
  }

  number() {
    const found = this.taken(NUMBER);
    if (!found) throw new Malformed("no value");
    if (found[2] || found[3]) return new Float(Number(found[0]));
    if (found[1].length - (found[1][0] === "-" ? 1 : 0) > MOST_DIGITS) throw new Malformed("too many digits");
    const number = Number(found[1]);
    return Number.isSafeInteger(number) ? number + 0 : BigInt(found[1]);
  }

  string() {
    let text = "";
    this.at += 1;
    for (;;) {
      text += this.taken(PLAIN)[0];
      const symbol = this.text[this.at];
      this.at += 1;
      if (symbol === '"') return whole(text);
      if (symbol !== "\\") throw new Malformed("no end of a text");
      text += this.escaped();
    }
  }

  escaped() {
    const symbol = this.text[this.at];
    this.at += 1;
    if (symbol !== "u") {
      if (!Object.prototype.hasOwnProperty.call(ESCAPES, symbol)) throw new Malformed("no such escape");
      return ESCAPES[symbol];
    }
    const digits = this.text.slice(this.at, this.at + 4);
    if (!HEX.test(digits)) throw new Malformed("no such escape");
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  /** Calls `part` for each part up to the closing bracket. */
  parts(end, part) {
    this.at += 1;
    this.taken(BLANK);
    if (this.text[this.at] === end) {
      this.at += 1;
      return;
    }
    for (;;) {
      part();
      this.taken(BLANK);
      const symbol = this.text[this.at];
      this.at += 1;
      if (symbol === end) return;
      if (symbol !== ",") throw new Malformed("no next part");
      this.taken(BLANK);
    }
  }

  list(depth) {
    const found = [];
    this.parts("]", () => found.push(this.value(depth)));
    return found;
  }

  object(depth) {
    const found = Object.create(null);
    const names = [];
    this.parts("}", () => {
      if (this.text[this.at] !== '"') throw new Malformed("no name");
      const name = this.string();
      if (name in found) throw new Malformed("a name twice");
      this.taken(BLANK);
      if (this.text[this.at] !== ":") throw new Malformed("no value of a name");
      this.at += 1;
      this.taken(BLANK);
      names.push(name);
      found[name] = this.value(depth);
    });
    if (names.some((name) => INDEX.test(name))) Object.defineProperty(found, ORDER, { value: names });
    return found;
  }
}

/** The value of a text or of its bytes; throws Malformed for whatever Python's side refuses. */
export function parse(content) {
  let text = content;
  if (typeof content !== "string") {
    try {
      text = decoder.decode(content);
    } catch (error) {
      throw new Malformed("not UTF-8");
    }
  }
  return new Reader(text).whole();
}

/** repr(float): exponents from 16 digits on and below 0.0001, two digits at least, and a point in whole numbers. */
function floatText(number) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number < 0 ? "-Infinity" : "Infinity";
  const sign = number < 0 || Object.is(number, -0) ? "-" : "";
  const [mantissa, power] = Math.abs(number).toExponential().split("e");
  const [digits, exponent] = [mantissa.replace(".", ""), Number(power)];
  if (number !== 0 && (exponent < -4 || exponent >= 16)) {
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${rest}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function scalar(value, written) {
  if (typeof value === "string") return written(value);
  if (value instanceof Float) return floatText(value.value);
  if (typeof value === "number" && !Number.isInteger(value)) return floatText(value);
  return String(value);
}

/** json.dumps(value, ensure_ascii=False, indent=indent); a Map keeps its order even where names are numbers. */
export function dumps(value, indent = null) {
  const [comma, colon] = indent === null ? [", ", ": "] : [",", ": "];
  const line = (depth) => (indent === null ? "" : `\n${" ".repeat(indent * depth)}`);
  const write = (part, depth) => {
    const inside = Array.isArray(part)
      ? part.map((each) => write(each, depth + 1))
      : isObject(part) && entriesOf(part).map(([name, each]) => JSON.stringify(name) + colon + write(each, depth + 1));
    if (!inside) return scalar(part, JSON.stringify);
    const [open, close] = Array.isArray(part) ? "[]" : "{}";
    if (!inside.length) return open + close;
    return open + line(depth + 1) + inside.join(comma + line(depth + 1)) + line(depth) + close;
  };
  return write(value, 0);
}

function sorted(value, written) {
  if (Array.isArray(value)) return `[${value.map((part) => sorted(part, written)).join(",")}]`;
  if (!isObject(value)) return scalar(value, written);
  const parts = entriesOf(value).sort((one, other) => byCodePoint(one[0], other[0]));
  return `{${parts.map(([name, part]) => `${written(name)}:${sorted(part, written)}`).join(",")}}`;
}

const inAscii = (text) =>
  JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")) */
export const asciiSorted = (value) => sorted(value, inAscii);

const isExact = (value) =>
  typeof value === "boolean" || Number.isSafeInteger(value) || (typeof value === "string" && !hasHalves(value));

function refuseInexact(value) {
  if (isObject(value)) {
    const parts = entriesOf(value);
    if (parts.some(([name]) => /[^\u0000-\u007f]/.test(name))) throw new Fault("表单的字段名须为英文字母。");
    parts.forEach(([, part]) => refuseInexact(part));
  } else if (Array.isArray(value)) value.forEach(refuseInexact);
  else if (!isExact(value)) throw new Fault("表单只能包含文字、整数、是非值、列表和对象。");
}

/** One text for one value, as forms.canonical in Python. Throws Fault. */
export function canonical(value) {
  refuseInexact(value);
  return sorted(value, JSON.stringify);
}

/** The order of Python's sort: by characters, where JavaScript compares halves of some. */
export function byCodePoint(one, other) {
  const shorter = Math.min(one.length, other.length);
  for (let i = 0; i < shorter; i += 1) {
    if (one.charCodeAt(i) === other.charCodeAt(i)) continue;
    const before = i && one.charCodeAt(i - 1) >>> 10 === 0x36 ? i - 1 : i;
    return one.codePointAt(before) - other.codePointAt(before) || one.codePointAt(i) - other.codePointAt(i);
  }
  return one.length - other.length;
}
