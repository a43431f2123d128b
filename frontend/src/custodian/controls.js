// Counting controls (清点核对): inequalities that a stuffed or thinned box cannot satisfy (surveys/ballots/controls.py).
import { fromUtf8, toHex, utf8 } from "../bytes.js";
import { control } from "./control.js";
import { FORMAT, LEAST_BALLOTS } from "./counting.js";
import { Fault } from "./fault.js";
import { cells, placesOfDepartments, unknownWord, words } from "./forms.js";
import { packetsOf } from "./paper.js";
import { paperControls } from "./paperControls.js";
import { byCodePoint, entriesOf, isObject, namesOf } from "./python.js";
import { AMOUNT, ANY, TEXT, each, misfit } from "./shapes.js";
import { hasher, sha256 } from "./sodium.js";

const [CREDENTIAL, HASH] = [32, 32];
const LEAF = utf8("sanliang/leaf/1|");
const HEX = "0123456789abcdef";
const FORMER = "sanliang-counts/1"; // without `touched`
const INCOMPLETE = "计票结果文件不完整，请使用计票程序写出的原件。";
const COUNTS = {
  bundle: TEXT,
  fp: TEXT,
  ballots: AMOUNT,
  spoiled: each(AMOUNT),
  "packets?": AMOUNT,
  "paper?": each(AMOUNT),
  strata: [
    {
      name: TEXT,
      keys: [TEXT],
      counted: AMOUNT,
      spoiled: AMOUNT,
      "packets?": AMOUNT,
      "alike?": AMOUNT,
      answers: each(each(each(ANY))),
    },
  ],
  "touched?": each(ANY),
};

/** Every control the bundle alone allows; numbers are counted again, not taken from the manifest. */
export async function controls(bundle, progress = () => {}) {
  const slips = await bundle.slips();
  const states = new Map();
  for (const row of slips) states.set(stateOf(row.batch, row.state), numberIn(states, row.batch, row.state) + 1);
  const { credentials, places } = await bundle.heads(progress);
  const ballots = new Map(bundle.keyIds.map((key, place) => [key, places.filter((each) => each === place).length]));
  return [
    ...(await lists(bundle, slips, credentials)),
    numbers(bundle, ballots),
    ...bundle.public.keys.flatMap((key) => perKey(bundle, key, states, ballots.get(key.id))),
    ...bundle.batches.flatMap((batch, place) => perBatch(place, batch, states)),
    ...(await paperControls(bundle, slips)),
  ];
}

const stateOf = (batch, state) => `${batch} ${state}`;
const numberIn = (states, batch, state) => states.get(stateOf(batch, state)) || 0;

const partsOf = (bytes, length) =>
  Array.from({ length: bytes.length / length }, (_, place) => bytes.subarray(place * length, (place + 1) * length));

function compare(one, other) {
  for (let i = 0; i < one.length; i += 1) if (one[i] !== other[i]) return one[i] - other[i];
  return 0;
}

const areRising = (parts) => parts.every((part, place) => !place || compare(parts[place - 1], part) < 0);

/** Hex SHA-256 of the sorted code hashes, published before the first vote: no slip can be added. */
function codeRoot(sorted) {
  const digest = hasher().update(utf8("sanliang/codes/1|"));
  const all = new Uint8Array(sorted.length * HASH);
  sorted.forEach((hash, place) => all.set(hash, place * HASH));
  return toHex(digest.update(all).digest());
}

/** Hex SHA-256 of the sorted trackers, published at the close: no ballot can be dropped later. */
export const trackerRoot = (trackers) =>
  toHex(hasher().update(utf8(`sanliang/trackers/1|${[...trackers].sort().join("\n")}`)).digest());

/** As credentials.tracker of each: in one text, since a hundred thousand small ones take much memory. */
function trackersOf(credentials) {
  const message = new Uint8Array(LEAF.length + CREDENTIAL);
  message.set(LEAF);
  const digits = new Uint8Array(credentials.length * 2 * HASH);
  credentials.forEach((credential, place) => {
    message.set(credential, LEAF.length);
    sha256(message).forEach((byte, at) => {
      const digit = (place * HASH + at) * 2;
      digits[digit] = HEX.charCodeAt(byte >>> 4);
      digits[digit + 1] = HEX.charCodeAt(byte & 15);
    });
  });
  const text = fromUtf8(digits);
  return credentials.map((_, place) => text.slice(place * 2 * HASH, (place + 1) * 2 * HASH));
}

async function lists(bundle, slips, credentials) {
  const hashes = slips.map((row) => row.codeHash);
  if (!areRising(hashes)) hashes.sort(compare);
  const listed = await bundle.trackers();
  const own = partsOf(credentials, CREDENTIAL);
  const trackers = trackersOf(own).sort();
  return [
    control("codes_root", "票码清单与计票包所列的摘要一致", codeRoot(hashes) === bundle.manifest.code_root),
    control("codes_once", "票码没有重复", areRising(hashes)),
    control("credentials_once", "选票凭证没有重复", areRising(own)),
    control(
      "trackers_listed",
      "回执名单与票箱中的选票一一对应",
      listed.length === trackers.length && listed.every((one, place) => one === trackers[place]),
    ),
    control("trackers_root", "回执名单与其摘要一致", trackerRoot(listed) === bundle.manifest.tracker_root),
  ];
}

function numbers(bundle, ballots) {
  const listed = bundle.manifest.ballots;
  const alike = [...ballots].every(([key, number]) => listed[key] === number);
  const holds = alike && Object.keys(listed).length === ballots.size;
  return control("ballots_listed", "清单所列选票数与票箱一致", holds);
}

/**
 * Ballots and the credentials that were bought; a slip replaced by another has bought one, too. Where ballots exceed
 * the slips that were not replaced somebody voted twice: that is the voter's doing and may be explained.
 */
function perKey(bundle, key, states, cast) {
  const places = bundle.batches.flatMap((batch, place) => (batch.key === key.id && !batch.void ? [place] : []));
  const [redeemed, replaced] = ["redeemed", "replaced"].map((state) =>
    places.reduce((sum, place) => sum + numberIn(states, place, state), 0),
  );
  const withThem = replaced ? `（含换发${replaced}张）` : "";
  const said = `${key.stratum}：选票${cast}张，不多于已兑换凭条${redeemed + replaced}张${withThem}`;
  const found = [control(`per_key:${key.id}`, said, cast <= redeemed + replaced)];
  if (replaced) {
    const alone = `${key.stratum}：选票${cast}张，不多于已兑换且没有换发的凭条${redeemed}张`;
    found.push(control(`per_key_replaced:${key.id}`, alone, cast <= redeemed, { explainable: true }));
  }
  return found;
}

/** A void batch has handed out nothing; of one that nobody counted it is not known what went out. */
function perBatch(place, batch, states) {
  const name = `${batch.town}第${batch.id}批`;
  const { printed } = batch;
  const number = (...names) => names.reduce((sum, state) => sum + numberIn(states, place, state), 0);
  const listed = number("unused", "redeemed", "paper", "void", "returned", "replaced");
  const codes = control(
    `batch_codes:${batch.id}`,
    `${name}：票码${listed}个，等于印制${printed}张`,
    listed === printed,
    { explainable: true },
  );
  if (batch.void) {
    const alive = listed - number("void");
    const said = `${name}：重新印制前已作废，已兑换、换纸质票、退回或恢复为未使用的凭条${alive}张，应为0张`;
    return [codes, control(`batch_void:${batch.id}`, said, alive === 0)];
  }
  if (!("handed" in batch)) {
    const said = `${name}：印制${printed}张，没有清点发出、退回和损毁的张数`;
    return [codes, control(`batch_counted:${batch.id}`, said, true, { uncounted: true })];
  }
  return [codes, ...counted(name, batch, number("redeemed", "paper", "void"), number("returned"))];
}

function counted(name, batch, used, scanned) {
  const { printed, handed, returned, spoiled } = batch;
  const each = [
    ["batch_used", `已兑换、换纸质票和作废共${used}张，不多于发出${handed}张`, used <= handed],
    [
      "batch_sum",
      `发出、退回和损毁${handed}+${returned}+${spoiled}张，等于印制${printed}张`,
      handed + returned + spoiled === printed,
    ],
    [
      "batch_returned",
      `扫描退回的未用凭条${scanned}张，不多于登记退回和损毁${returned + spoiled}张`,
      scanned <= returned + spoiled,
    ],
  ];
  return each.map(([key, said, holds]) =>
    control(`${key}:${batch.id}`, `${name}：${said}`, holds, { explainable: true }),
  );
}

/** Throws Fault unless the counts file fits the bundle, and every cell sums to the ballots of its stratum. */
export async function checkCounts(counts, bundle) {
  if (!isObject(counts) || partOf(counts, "format") === undefined) throw new Fault(INCOMPLETE);
  const format = partOf(counts, "format");
  if (![FORMAT, FORMER].includes(format) || (format === FORMER) === (partOf(counts, "touched") !== undefined))
    throw new Fault("计票结果文件的格式版本不符，请使用同一版本的软件重新计票。");
  if (misfit(counts, COUNTS) !== null) throw new Fault(INCOMPLETE);
  const packets = await packetsOf(bundle);
  checkBelongs(counts, bundle, packets);
  checkSums(counts, bundle, packets);
  if (format === FORMAT) checkTouched(counts, bundle.public.form);
}

function checkBelongs(counts, bundle, packets) {
  if (counts.bundle !== bundle.hash || counts.fp !== bundle.manifest.fp)
    throw new Fault("计票结果不属于本次评价的计票包，请核对文件后重新导入。");
  if (counts.ballots !== bundle.size) throw new Fault("计票结果所列选票总数与票箱不符。");
  if ((counts.packets || 0) !== sum([...packets.values()])) throw new Fault("计票结果所列纸质票份数与计票包不符。");
  const keys = counts.strata.flatMap((group) => group.keys).sort(byCodePoint);
  const areKeys = keys.length === bundle.keyIds.length && keys.every((key, place) => key === bundle.keyIds[place]);
  if (!areKeys || counts.strata.some((group) => !group.keys.length)) throw new Fault("计票结果所列票种与计票包不符。");
  const strata = new Map(bundle.public.keys.map((key) => [key.id, key.stratum]));
  for (const group of counts.strata) {
    const name = [...group.keys].sort(byCodePoint).map((key) => strata.get(key)).join("+");
    if (group.name !== name) throw new Fault(`计票结果所列票种名称“${group.name}”与计票包不符。`);
  }
}

function checkSums(counts, bundle, packets) {
  const { form } = bundle.public;
  const [expected, choices] = [shapeOf(form), words(form)];
  const inBox = (key) => (bundle.manifest.ballots[key] || 0) + (packets.get(key) || 0);
  if (sum(counts.strata.map((group) => group.spoiled)) !== sum(entriesOf(counts.spoiled).map(([, number]) => number)))
    throw new Fault("计票结果所列废票数前后不一致。");
  for (const group of counts.strata) {
    if ((group.packets || 0) !== sum(group.keys.map((key) => packets.get(key) || 0)))
      throw new Fault(`${group.name}的纸质票份数与计票包不符。`);
    if (group.counted + group.spoiled !== sum(group.keys.map(inBox)))
      throw new Fault(`${group.name}的有效票与废票之和不等于选票数。`);
    if ((group.alike || 0) > group.counted - (group.packets || 0))
      throw new Fault(`${group.name}的整张同答张数多于手机投的有效票数。`);
    const subjects = entriesOf(group.answers);
    const asks = subjects.every(([subject, questions]) => areNames(questions, expected.get(subject)));
    if (subjects.length !== expected.size || !asks) throw new Fault(`${group.name}的评价对象或问题与评价表不符。`);
    for (const [subject, questions] of subjects)
      for (const [question, given] of entriesOf(questions))
        if (!areNames(given, choices) || !addsUp(entriesOf(given), group.counted))
          throw new Fault(`${group.name}中${subject}（${question}）各档之和不等于有效票数。`);
  }
}

/**
 * At least as many ballots say something of a department as of the person most judged, at most as many as there are
 * answers; more than that only the tally key proves. Below ten the number is left out.
 */
function checkTouched(counts, form) {
  const [found, unknown, places] = [cells(form), unknownWord(form), placesOfDepartments(form)];
  const wrong = namesOf(counts.touched).some((department) => !places.has(department));
  if (wrong) throw new Fault("计票结果所列评价过各单位的选票与评价表不符。");
  const voters = sum(counts.strata.map((group) => group.counted));
  for (const [department, own] of places) {
    const valid = own.map((place) => {
      const { subject, question } = found[place];
      const said = (group) => group.counted - partOf(partOf(partOf(group.answers, subject), question), unknown);
      return sum(counts.strata.map(said));
    });
    const [least, most] = [Math.max(...valid), Math.min(voters, sum(valid))];
    const number = partOf(counts.touched, department);
    if ((number === undefined || number === null) && least < LEAST_BALLOTS) continue;
    if (!Number.isSafeInteger(number) || number < Math.max(least, LEAST_BALLOTS) || number > most)
      throw new Fault(`评价过${department}的选票张数与各档票数不符。`);
  }
}

const sum = (given) => given.reduce((total, number) => total + number, 0);
const partOf = (value, name) => {
  if (value instanceof Map) return value.get(name);
  return Object.prototype.hasOwnProperty.call(value, name) ? value[name] : undefined;
};
const areNames = (value, names) => {
  const given = namesOf(value);
  return Boolean(names) && given.length === names.length && names.every((name) => given.includes(name));
};
const addsUp = (given, total) =>
  given.every(([, number]) => Number.isSafeInteger(number) && number >= 0) &&
  sum(given.map(([, number]) => number)) === total;

/** Map {subject: ids of the questions asked about it}. */
function shapeOf(form) {
  const found = new Map();
  const ids = (questions) => questions.map((question) => question.id);
  for (const department of form.departments) {
    if (department.questions.length) found.set(department.id, ids(department.questions));
    for (const section of department.sections)
      for (const person of section.persons) found.set(person.id, ids(section.questions));
  }
  return found;
}
