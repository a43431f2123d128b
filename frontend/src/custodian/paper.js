// Votes on paper (surveys/ballots/paper.py): the open numbers, the sealed sheets, and what they add to the count.
import { PAPER, orNull } from "./bundle.js";
import { fromB64 } from "./encoding.js";
import { Fault } from "./fault.js";
import { known, placesOfDepartments, sheets, words } from "./forms.js";
import { allowed, givesMarks } from "./marks.js";
import { byCodePoint, canonical, parse } from "./python.js";
import { AMOUNT } from "./shapes.js";
import { openSealed, publicKeyOf } from "./sodium.js";
import { strip } from "./whitespace.js";

export const CHANGED = "纸质票录入内容不完整或已被改动，请使用评价中心导出的原件。";
const FIELDS = ["number", "key", "department", "kind", "marks", "matter", "suggestion"];
const OPTIONAL = { matter: "", suggestion: "" };
const [VALID, SPOILED, SET_ASIDE] = ["valid", "spoiled", "set_aside"];
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const increase = (counter, name, by = 1) => counter.set(name, (counter.get(name) || 0) + by);

/** How marks are written (surveys/ballots/paper_notation.py): a digit for words, two hexadecimal ones for marks. */
class Notation {
  constructor(form) {
    this.width = givesMarks(form) ? 2 : 1;
    this.format = `sanliang-paper/${this.width}`;
    this.blank = "0".repeat(this.width);
    this.double = this.width === 1 ? "9" : "ff";
    const places = words(form).map((word, place) => place + 1);
    this.places = new Map(places.map((place) => [this.key(place), place]));
  }

  key(place) {
    return this.width === 1 ? String(place) : place.toString(16).padStart(2, "0");
  }

  /** 0 where the cell says nothing. */
  place(key) {
    return key === this.blank || key === this.double ? 0 : this.places.get(key);
  }

  keys(marks) {
    const found = [];
    for (let at = 0; at < marks.length; at += this.width) found.push(marks.slice(at, at + this.width));
    return found;
  }

  fit(marks, cells) {
    const found = this.keys(marks);
    return found.length === cells && found.every((key) => this.place(key) !== undefined);
  }
}

/** The value of a text in its one spelling, so that everybody reads the same. */
function exactly(bytes) {
  const text = decoder.decode(bytes);
  const found = parse(text);
  if (canonical(found) !== text) throw new Error("another spelling");
  return found;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** An object with these names and no other. */
const has = (value, ...names) =>
  isObject(value) && Object.keys(value).length === names.length && names.every((name) => Object.keys(value).includes(name));

const areNumbers = (value) => isObject(value) && Object.values(value).every(AMOUNT);

function isRight(found, bundle) {
  if (!has(found, "format", "packets", "groups", "sealed") || !Array.isArray(found.groups)) return false;
  if (!found.groups.every((group) => has(group, "keys", "sheets") && Array.isArray(group.keys))) return false;
  const keys = found.groups.flatMap((group) => group.keys);
  return (
    found.format === new Notation(bundle.public.form).format &&
    typeof found.sealed === "string" &&
    has(found.packets, ...bundle.keyIds) &&
    keys.length === new Set(keys).size &&
    keys.every((key) => bundle.keyIds.includes(key)) &&
    [found.packets, ...found.groups.map((group) => group.sheets)].every(areNumbers)
  );
}

/** The open part of `paper.json`; null if nobody voted on paper. */
export async function numbersOf(bundle) {
  if (!bundle.has(PAPER)) return null;
  try {
    const found = exactly(await bundle.read(PAPER));
    if (isRight(found, bundle)) return found;
  } catch {
    // The same sentence for everything that the centre cannot have written.
  }
  throw new Fault(CHANGED);
}

/** Map {key id: slips exchanged}. */
export async function packetsOf(bundle) {
  const numbers = await numbersOf(bundle);
  return new Map(numbers ? Object.entries(numbers.packets) : []);
}

/** Map {sheet: the places of its cells, in the form's order}. */
function cellsOf(form) {
  const places = placesOfDepartments(form);
  return new Map(
    sheets(form).map((sheet) => [sheet.id, sheet.departments.flatMap((department) => places.get(department.id))]),
  );
}

function asSheet(entry) {
  const sheet = { ...OPTIONAL, ...entry };
  if (!has(sheet, ...FIELDS)) throw new Error("not a sheet");
  return sheet;
}

function allFit(publicPart, given) {
  const { form } = publicPart;
  const [cells, notation, marks] = [cellsOf(form), new Notation(form), allowed(publicPart)];
  const isAllowed = (sheet) =>
    marks.size === 0 || notation.keys(sheet.marks).every((key) => (marks.get(sheet.key) || new Set()).has(notation.place(key)));
  return given.every(
    (sheet, place) =>
      Object.values(sheet).every((part) => typeof part === "string") &&
      (place === 0 || byCodePoint(given[place - 1].number, sheet.number) < 0) &&
      [VALID, SPOILED, SET_ASIDE].includes(sheet.kind) &&
      cells.has(sheet.department) &&
      (sheet.kind === VALID ? notation.fit(sheet.marks, cells.get(sheet.department).length) : !sheet.marks) &&
      isAllowed(sheet),
  );
}

/** Whether the sheets are as many, group by group, as the open numbers say. */
function addUp(groups, given) {
  const found = groups.map(() => new Map());
  const places = new Map(groups.flatMap((group, place) => group.keys.map((key) => [key, place])));
  for (const sheet of given) {
    if (sheet.kind !== SET_ASIDE && places.has(sheet.key)) increase(found[places.get(sheet.key)], sheet.department);
  }
  return groups.every((group, place) => {
    const listed = Object.entries(group.sheets);
    return listed.length === found[place].size && listed.every(([name, number]) => found[place].get(name) === number);
  });
}

/** A voter has one sheet per department: more sheets than packets cannot be counted. */
function refuseTooMany(publicPart, packets, given) {
  const numbers = new Map();
  for (const sheet of given) {
    if (sheet.kind === SET_ASIDE) continue;
    if (!numbers.has(sheet.key)) numbers.set(sheet.key, new Map());
    increase(numbers.get(sheet.key), sheet.department);
  }
  // In the order in which sheets of a stratum and a department come first.
  for (const { key, department, kind } of given) {
    if (kind === SET_ASIDE) continue;
    const [number, most] = [numbers.get(key).get(department), packets.get(key) || 0];
    if (number <= most) continue;
    const stratum = publicPart.keys.find((one) => one.id === key);
    const { name } = sheets(publicPart.form).find((one) => one.id === department);
    throw new Fault(`${stratum ? stratum.stratum : key}：${name}的纸质票有${number}张，多于换领的${most}份，不能计票。`);
  }
}

/** The sheets, opened with the tally key; throws Fault unless they match the open numbers. */
export async function opened(bundle, privateKey) {
  const numbers = await numbersOf(bundle);
  if (numbers === null) return [];
  const given = openedSheets(bundle, numbers, privateKey);
  if (!given) throw new Fault(CHANGED);
  refuseTooMany(bundle.public, new Map(Object.entries(numbers.packets)), given);
  return given;
}

function openedSheets(bundle, numbers, privateKey) {
  const sealed = orNull(() => fromB64(numbers.sealed));
  const plain = sealed && openSealed(sealed, publicKeyOf(privateKey), privateKey);
  if (!plain) return null;
  try {
    const inside = exactly(plain);
    if (!has(inside, "survey", "sheets") || inside.survey !== bundle.survey) return null;
    const given = inside.sheets.map(asSheet);
    return allFit(bundle.public, given) && addUp(numbers.groups, given) ? given : null;
  } catch {
    return null;
  }
}

/**
 * Adds the packets to `found`, a Count: every packet is a voter, and what no sheet says is 不了解情况, like an
 * untouched cell of a phone. Nobody ever sees paper alone.
 */
export async function pool(bundle, privateKey, found) {
  const { form } = bundle.public;
  const [cells, places, notation] = [cellsOf(form), placesOfDepartments(form), new Notation(form)];
  const onSheet = new Map(sheets(form).map((sheet) => [sheet.id, sheet.departments.map((one) => one.id)]));
  const says = known(form);
  const width = says.length + 1;
  const given = await opened(bundle, privateKey);
  for (const [key, number] of await packetsOf(bundle)) {
    if (!number) continue;
    increase(found.packets, key, number);
    increase(found.counted, key, number);
    const grid = found.gridOf(key);
    for (let at = 0; at < grid.length; at += width) grid[at] += number;
  }
  for (const sheet of given) {
    increase(found.paper, "sheets");
    if (sheet.kind !== VALID) {
      increase(found.paper, sheet.kind);
      continue;
    }
    const keys = notation.keys(sheet.marks);
    const keyed = new Map(cells.get(sheet.department).map((place, at) => [place, keys[at]]));
    add(found, sheet, keyed, notation, width);
    for (const department of onSheet.get(sheet.department)) {
      const said = places.get(department).some((place) => says[notation.place(keyed.get(place)) - 1]);
      if (said) increase(found.touched, department);
    }
  }
}

function add(found, sheet, keyed, notation, width) {
  const grid = found.gridOf(sheet.key);
  for (const [place, key] of keyed) {
    const choice = notation.place(key);
    if (choice) {
      grid[place * width] -= 1;
      grid[place * width + choice] += 1;
    } else {
      increase(found.paper, key === notation.blank ? "blank" : "double");
    }
  }
  for (const kind of ["matter", "suggestion"]) {
    const text = strip(sheet[kind]);
    if (text) found.comments.push([sheet.department, kind, text]);
  }
}
