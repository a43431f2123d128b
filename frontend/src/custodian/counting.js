// Opens and counts ballots: sums per subject, question, stratum and choice (surveys/ballots/counting.py).
import { Checker } from "./casting.js";
import { unpack } from "./bundle.js";
import { tracker } from "./credentials.js";
import { cells, known, placesOfDepartments, unknownWord, words } from "./forms.js";
import { allowed, givesMarks } from "./marks.js";
import { pool } from "./paper.js";
import { byCodePoint, dumps } from "./python.js";
import { openSealed, publicKeyOf, randomBytes } from "./sodium.js";
import { strip } from "./whitespace.js";

/** A ballot that rates so many and gives all of them the same choice is counted as alike: a sign, no fault. */
const ALIKE_FROM = 5;
export const FORMAT = "sanliang-counts/2";
/** A stratum with fewer counted ballots is merged with the next smallest before anything is written. */
export const LEAST_BALLOTS = 10;
/** Numbers of sheets: entered, spoiled, set aside; of their cells: left blank, ticked twice. */
const PAPER_KINDS = ["sheets", "spoiled", "set_aside", "blank", "double"];
/** So many signatures the browser is given at once, beside the main work. */
const AT_ONCE = 100;

const increase = (counter, name, by = 1) => counter.set(name, (counter.get(name) || 0) + by);

function addAll(counter, other) {
  for (const [name, number] of other) increase(counter, name, number);
}

/** Sums over some ballots, by key id; a grid has cells × (choices + 1) numbers, the first those of untouched cells. */
export class Count {
  constructor(length) {
    this.length = length;
    this.grids = new Map();
    this.counted = new Map();
    this.spoiled = new Map(); // key id → reason → number
    this.comments = []; // [department, kind, text]
    this.forged = []; // trackers whose signatures do not hold
    this.packets = new Map(); // voters on paper, included in `counted`
    this.paper = new Map(); // sheets, and what was found on them
    this.touched = new Map(); // department → ballots that say anything of it
    this.alike = new Map(); // of those cast on a phone
  }

  /** An empty count for ballots of this form. */
  static of(form) {
    return new Count(cells(form).length * (words(form).length + 1));
  }

  gridOf(keyId) {
    if (!this.grids.has(keyId)) this.grids.set(keyId, new Float64Array(this.length));
    return this.grids.get(keyId);
  }
}

/** `other` may be the fields of a Count alone, as they come from a worker. */
export function addCount(count, other) {
  for (const [keyId, grid] of other.grids) {
    const sum = count.gridOf(keyId);
    for (let at = 0; at < sum.length; at += 1) sum[at] += grid[at];
  }
  for (const [keyId, reasons] of other.spoiled) {
    if (!count.spoiled.has(keyId)) count.spoiled.set(keyId, new Map());
    addAll(count.spoiled.get(keyId), reasons);
  }
  for (const name of ["counted", "packets", "paper", "touched", "alike"]) addAll(count[name], other[name]);
  for (const comment of other.comments) count.comments.push(comment);
  for (const forged of other.forged) count.forged.push(forged);
}

/** Counts ballots of one survey; without a private key it only checks their signatures. */
export class Teller {
  constructor(publicPart, privateKey = null) {
    this.public = publicPart;
    this.privateKey = privateKey;
    this.width = words(publicPart.form).length + 1;
    this.departments = [...placesOfDepartments(publicPart.form).keys()];
    const places = new Map(this.departments.map((department, place) => [department, place]));
    this.departmentOf = Uint32Array.from(cells(publicPart.form), (cell) => places.get(cell.department));
    this.subjectOf = cells(publicPart.form).map((cell) => cell.subject);
    this.says = Uint8Array.from([false, ...known(publicPart.form)], Number);
    this.allowed = allowed(publicPart);
  }

  /** The number of the last ballot that said anything of each department starts anew with each call. */
  async count(bytes) {
    if (!this.checker) this.checker = await Checker.of(this.public);
    if (this.privateKey && !this.publicKey) this.publicKey = publicKeyOf(this.privateKey);
    const found = Count.of(this.public.form);
    const touched = { last: new Uint32Array(this.departments.length), numbers: new Uint32Array(this.departments.length) };
    const number = bytes.length / this.checker.recordSize;
    let next = this.looked(bytes, 0);
    for (let first = 0; first < number; first += AT_ONCE) {
      const { casts, holds } = await next;
      next = this.looked(bytes, first + AT_ONCE); // verified by the browser while these are opened
      casts.forEach((cast, place) => {
        if (!holds[place] || !this.checker.ballotHolds(cast)) found.forged.push(tracker(cast.credential));
        else if (this.privateKey) this.open(cast, found, touched, first + place + 1);
      });
    }
    this.departments.forEach((department, place) => increase(found.touched, department, touched.numbers[place]));
    return found;
  }

  async looked(bytes, first) {
    const size = this.checker.recordSize;
    const casts = [];
    for (let at = first * size; at < bytes.length && casts.length < AT_ONCE; at += size) {
      casts.push(unpack(bytes.subarray(at, at + size)));
    }
    return { casts, holds: await this.checker.credentialsHold(casts) };
  }

  open(cast, found, touched, number) {
    const keyId = this.checker.keyIds[cast.place];
    const plain = openSealed(cast.sealed, this.publicKey, this.privateKey);
    const inside = plain && this.checker.messages.binding(cast.credential, cast.seq);
    const read = plain ? this.checker.layout.readBallot(plain, inside, this.allowed.get(keyId)) : "unopened";
    if (typeof read === "string") {
      if (!found.spoiled.has(keyId)) found.spoiled.set(keyId, new Map());
      increase(found.spoiled.get(keyId), read);
      return;
    }
    increase(found.counted, keyId);
    if (this.add(read.answers, found.gridOf(keyId), touched, number)) increase(found.alike, keyId);
    for (const comment of read.comments) this.split(comment, found);
  }

  add(answers, grid, touched, number) {
    const { width, says, departmentOf, subjectOf } = this;
    const all = { choice: 0, areSame: true, rated: 0, last: null };
    for (let cell = 0; cell < answers.length; cell += 1) {
      const answer = answers[cell];
      grid[cell * width + answer] += 1;
      const department = departmentOf[cell];
      if (says[answer] && touched.last[department] !== number) {
        touched.last[department] = number;
        touched.numbers[department] += 1;
      }
      if (says[answer]) {
        if (all.last !== subjectOf[cell]) all.rated += 1;
        all.last = subjectOf[cell];
        if (all.choice && all.choice !== answer) all.areSame = false;
        all.choice = answer;
      }
    }
    return all.areSame && all.rated >= ALIKE_FROM;
  }

  /** Matter and suggestion are separated, and only the department stays attached to them. */
  split([cell, ...texts], found) {
    const department = this.departments[this.departmentOf[cell]];
    ["matter", "suggestion"].forEach((kind, place) => {
      const text = strip(texts[place]);
      if (text) found.comments.push([department, kind, text]);
    });
  }
}

/** Before any ballot: a box without one would never show it. */
export const refuseWrongKeys = (publicPart) => Checker.of(publicPart);

/** Packets join the ballots before anything is written. */
export async function addPaper(count, bundle, privateKey) {
  await pool(bundle, privateKey, count);
}

/** Counts a whole bundle where there are no workers: in tests, and in the worker's own words. */
export async function countBundle(bundle, privateKey, { step = 1000, progress = () => {} } = {}) {
  await refuseWrongKeys(bundle.public);
  const teller = new Teller(bundle.public, privateKey);
  const count = Count.of(bundle.public.form);
  for (let first = 0; first < bundle.size; first += step) {
    addCount(count, await teller.count(await bundle.ballotBytes(first, Math.min(step, bundle.size - first))));
    progress(Math.min(first + step, bundle.size), bundle.size);
  }
  if (privateKey) await addPaper(count, bundle, privateKey);
  return count;
}

const sum = (numbers) => [...numbers].reduce((total, number) => total + number, 0);

/** Strata in the order of the form's keys; those below `least` merged, smallest first, but for panels. */
export function groups(publicPart, count, least = LEAST_BALLOTS) {
  const places = publicPart.keys.map((key) => key.id);
  let found = publicPart.keys.map((key) => ({
    keyIds: [key.id],
    names: [key.stratum],
    counted: count.counted.get(key.id) || 0,
    spoiled: sum((count.spoiled.get(key.id) || new Map()).values()),
    grid: count.gridOf(key.id),
    packets: count.packets.get(key.id) || 0,
    alike: count.alike.get(key.id) || 0,
  }));
  while (found.length > 1 && !givesMarks(publicPart.form)) {
    found.sort((one, other) => one.counted - other.counted || byCodePoint(one.keyIds[0], other.keyIds[0]));
    const [small, next, ...rest] = found;
    if (small.counted >= least) break;
    found = [merged(next, small), ...rest];
  }
  return found.sort((one, other) => places.indexOf(one.keyIds[0]) - places.indexOf(other.keyIds[0]));
}

function merged(one, other) {
  const names = new Map([one, other].flatMap((group) => group.keyIds.map((keyId, at) => [keyId, group.names[at]])));
  const keyIds = [...names.keys()].sort(byCodePoint);
  return {
    keyIds,
    names: keyIds.map((keyId) => names.get(keyId)),
    counted: one.counted + other.counted,
    spoiled: one.spoiled + other.spoiled,
    grid: one.grid.map((number, at) => number + other.grid[at]),
    packets: one.packets + other.packets,
    alike: one.alike + other.alike,
  };
}

/**
 * Map subject → question → word → count; untouched cells count as the unknown word. Maps, because an object would
 * put names such as "10" before all others.
 */
export function answers(form, grid) {
  const [labels, unknown] = [words(form), unknownWord(form)];
  const found = new Map();
  cells(form).forEach((cell, place) => {
    const at = place * (labels.length + 1);
    const row = new Map(labels.map((word, choice) => [word, grid[at + 1 + choice]]));
    increase(row, unknown, grid[at]);
    if (!found.has(cell.subject)) found.set(cell.subject, new Map());
    found.get(cell.subject).set(cell.question, row);
  });
  return found;
}

/** What the custodian hands to the centre: sums and comments, no ballot. */
export function countsFile(bundle, count, least = LEAST_BALLOTS) {
  const { form } = bundle.public;
  const reasons = new Map();
  for (const part of count.spoiled.values()) addAll(reasons, part);
  const touched = form.departments
    .map((department) => [department.id, count.touched.get(department.id) || 0])
    .filter(([, number]) => number >= LEAST_BALLOTS); // fewer could tell whose answers belong together
  const found = {
    format: FORMAT,
    survey: bundle.survey,
    fp: bundle.manifest.fp,
    bundle: bundle.hash,
    ballots: bundle.size,
    spoiled: sorted(reasons),
    strata: groups(bundle.public, count, least).map((group) => ({
      name: group.names.join("+"),
      keys: group.keyIds,
      counted: group.counted,
      spoiled: group.spoiled,
      ...(group.packets ? { packets: group.packets } : {}),
      ...(group.counted - group.packets >= LEAST_BALLOTS && !givesMarks(form) ? { alike: group.alike } : {}),
      answers: answers(form, group.grid),
    })),
    touched: new Map(touched),
    comments: shuffled(count.comments),
  };
  if (count.packets.size) {
    found.packets = sum(count.packets.values());
    found.paper = Object.fromEntries(PAPER_KINDS.map((name) => [name, count.paper.get(name) || 0]));
  }
  return found;
}

/** What the command line writes, byte for byte. */
export const countsText = (counts) => dumps(counts, 1);

const sorted = (found) => new Map([...found].sort(([one], [other]) => byCodePoint(one, other)));

/** By department, in random order: no two comments can be traced to one voter. */
function shuffled(comments) {
  const order = [...comments];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = randomBelow(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  const found = new Map();
  for (const [department, kind, text] of order) {
    if (!found.has(department)) found.set(department, []);
    found.get(department).push({ kind, text });
  }
  return sorted(found);
}

/** Every number below `most` is as likely as any other. */
function randomBelow(most) {
  const fair = 2 ** 32 - (2 ** 32 % most);
  for (;;) {
    const bytes = randomBytes(4);
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (number < fair) return number % most;
  }
}
