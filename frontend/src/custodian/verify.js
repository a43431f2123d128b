// What a bundle proves by itself and what it cannot (surveys/ballots/verify.py --no-scores, in the same words): all
// but the scores, which only the scoring core computes again.
import { controls, checkCounts } from "./controls.js";
import { countsFile } from "./counting.js";
import * as enclosed from "./enclosed.js";
import { Malformed } from "./encoding.js";
import * as explanations from "./explanations.js";
import { Fault } from "./fault.js";
import { Findings, readPosted } from "./findings.js";
import { words } from "./forms.js";
import * as keyed from "./keyed.js";
import { givesMarks } from "./marks.js";
import { PAPER } from "./bundle.js";
import { BROKEN, countInWorkers } from "./pool.js";
import { asciiSorted, entriesOf, isObject, namesOf, parse } from "./python.js";
import { ANY, TEXT, each, misfit } from "./shapes.js";
import { holds, isSigned } from "./signing.js";
import { strip } from "./whitespace.js";

const NOT_RESCORED =
  "得分、等次和推导出自评分所用的票数和评价方案" +
  "（没有重新评分；请用命令 python -m surveys.ballots.verify 计票包 重新评分）";
const COMMENTS = each([{ kind: TEXT, text: TEXT }]);
const ANSWERS = { "answers?": each(ANY) };
const FACTS = { subjects: each({ ...ANSWERS, "members?": each(ANSWERS) }) };
const MARKS = { subjects: each({ "marks?": each(each(TEXT)) }) };

const here = (call, ...given) => keyed[call](...given);
const CANCELLED = "已取消核验，没有得出结果，可以再次核验。";
const INTERRUPTED = "后台计算中断，核验没有得出结果。请关闭其他程序后再次核验。";

/** What the workers say of a count is not said to whoever verifies. */
async function inWorkers(bundle, privateKey, ways) {
  try {
    return await countInWorkers(bundle.blob, bundle, privateKey, ways);
  } catch (fault) {
    if (ways.signal && ways.signal.aborted) throw new Fault(CANCELLED);
    throw fault instanceof Fault && fault.message === BROKEN ? new Fault(INTERRUPTED) : fault;
  }
}

/**
 * Everything the bundle allows. `published`: fp, code_root, tracker_root as posted publicly; `count`: what opens the
 * ballots or, without a key, looks at their signatures, given `ways` (script, workers, progress, signal); `ways.asked(call, …)`: what does one of keyed.js.
 */
export async function verify(bundle, { privateKey = null, published = {}, count = inWorkers, ways = {} } = {}) {
  const [found, posted] = [new Findings(), readPosted(published)];
  const faults = await bundle.faults(ways.progress);
  if (faults.length) {
    found.wrong.push(...faults);
    found.open.push("其余各项（计票包已被改动，没有继续核验）");
    return found;
  }
  found.proved.push("计票包各文件与清单一致，清单有票箱签名");
  found.compare(bundle.public, bundle.manifest, posted);
  await compareControls(bundle, found, ways.progress);
  const { size } = bundle;
  const counted = await count(bundle, privateKey, ways);
  found.note(`全部${size}张选票的盲签名和凭证签名成立，票种相符`, !counted.forged.length);
  if (counted.forged.length)
    found.wrong.push(`签名不成立的选票${counted.forged.length}张，回执码${counted.forged[0].slice(0, 16)}等`);
  const counts = await recount(bundle, counted, privateKey, found, ways.asked || here);
  await checkScores(bundle, counts, found);
  found.admit(bundle.manifest.key_on_server, bundle.has(PAPER));
  return found;
}

/** Each inequality is counted again; a broken one needs an explanation that fits its numbers. */
async function compareControls(bundle, found, progress) {
  let given = explanations.NONE;
  if (bundle.has(explanations.NAME)) {
    try {
      given = explanations.read(await bundle.read(explanations.NAME), bundle.survey);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      found.wrong.push(fault.message);
    }
  }
  const own = await controls(bundle, progress);
  const isOwn = (one) => given.further.every((each) => asciiSorted(each) !== asciiSorted(one));
  for (const control of [...own, ...given.further]) {
    const one = explanations.explanationOf(given, control);
    if (one) found.explained.push(String(one));
    else if (control.uncounted) found.open.push(control.said);
    else if (isOwn(control) || !control.holds) found.note(control.said, control.holds);
  }
  if (given.further.length) found.open.push("退回凭条和现场评价的登记数（计票包不含，以评价中心所记为准）");
}

async function recount(bundle, counted, privateKey, found, asked) {
  const counts = await member(bundle, "counts.json", found);
  if (!counts) {
    found.open.push("计票结果（计票包中没有计票结果）");
    return null;
  }
  try {
    await checkCounts(counts, bundle);
    found.proved.push("计票结果属于本计票包，各项之和等于选票数");
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    found.wrong.push(fault.message);
    return null;
  }
  if (isSigned(bundle.public))
    found.note("计票结果由保管人签名，与校验码所含的签名公钥相符", holds(counts, bundle.public));
  else found.open.push("计票结果由保管人写出（本轮未签名，须用计票密钥重新计票）");
  if (!privateKey) {
    found.open.push("计票结果和文字意见与选票内容一致（须有计票密钥才能重新计票）");
    return counts;
  }
  if (isSigned(bundle.public))
    found.note("签名公钥出自计票密钥", await asked("isSigner", keyed.keysOf(bundle.public), privateKey));
  const again = countsFile(bundle, counted, 0);
  found.note("用计票密钥重新计票，每人每问每档的票数一致", mergedAlike(counts, again));
  if ("touched" in counts) found.note("评价过各单位的选票张数与选票一致", same(counts.touched, again.touched));
  const said = counts.strata.filter((group) => "alike" in group);
  if (said.length) {
    const inBox = (group) => group.keys.reduce((total, key) => total + (counted.alike.get(key) || 0), 0);
    found.note("整张同答的选票张数与选票一致", said.every((group) => group.alike === inBox(group)));
  }
  const given = bundle.has(enclosed.NAME)
    ? enclosed.disclosed(await asked("unseal", await bundle.read(enclosed.NAME), privateKey), bundle.survey)
    : null;
  found.note("文字意见与选票一致，没有增删改", same(texts(given), texts(again)));
  return counts;
}

/** As written: 1 is neither 1.0 nor true, and nothing is null. */
const same = (one, other) => asciiSorted(orNull(one)) === asciiSorted(orNull(other));
const orNull = (value) => (value === undefined ? null : value);

/** Strata may have been merged; summed in the same way they must be equal. */
function mergedAlike(counts, again) {
  const single = new Map(again.strata.map((group) => [group.keys[0], group]));
  return (
    ["spoiled", "packets", "paper"].every((name) => same(counts[name], again[name])) &&
    counts.strata.every((group) => {
      const parts = group.keys.map((key) => single.get(key));
      const counted = parts.reduce((sum, part) => sum + part.counted, 0);
      return group.counted === counted && same(group.answers, added(parts.map((part) => part.answers)));
    })
  );
}

/** Map subject → question → word → number, of several tables of that kind. */
function added(tables) {
  const total = new Map();
  const inside = (map, name) => {
    if (!map.has(name)) map.set(name, new Map());
    return map.get(name);
  };
  for (const table of tables)
    for (const [subject, questions] of entriesOf(table))
      for (const [question, row] of entriesOf(questions))
        for (const [word, number] of entriesOf(row)) {
          const sums = inside(inside(total, subject), question);
          sums.set(word, (sums.get(word) || 0) + number);
        }
  return total;
}

/** One text for the same comments in whatever order; null for what are none. */
function texts(counts) {
  if (!counts || misfit(counts.comments, COMMENTS) !== null) return null;
  return entriesOf(counts.comments)
    .flatMap(([department, entries]) => entries.map(({ kind, text }) => asciiSorted([department, kind, text])))
    .sort();
}

/** The facts hold exactly the counts. */
async function checkScores(bundle, counts, found) {
  const [facts, outcome] = [await member(bundle, "facts.json", found), await member(bundle, "outcome.json", found)];
  if (!facts || !outcome || !counts || !bundle.has("scheme.yaml")) {
    found.open.push("得分和等次（计票包中没有评分事实、评价方案或评分结果）");
    return;
  }
  const { form } = bundle.public;
  const withdrawn = withdrawnIn(facts, form);
  if (givesMarks(form)) found.note("评分所用的分数就是计票结果", marksHold(facts, form, counts));
  else {
    const tables = counts.strata.map((group) => withoutAdded(form, group.answers));
    const ids = new Set(withdrawn.map(([id]) => id));
    found.note("评分所用票数就是计票结果", factsHold(facts, added(tables), ids));
  }
  for (const [, name, why] of withdrawn)
    found.explained.push(`${name}：选票上有此名，票数已计，评分时已取消参评。说明：${why}`);
  found.open.push(NOT_RESCORED);
}

/** The scheme does not know the word that the form added; who chose it, or nothing, answered nothing. */
function withoutAdded(form, answers) {
  const without = new Set(form.choices.filter((choice) => choice.added).map((choice) => choice.word));
  const mapped = (value, change) => new Map(entriesOf(value).map(([name, part]) => [name, change(part)]));
  const left = (row) => new Map(entriesOf(row).filter(([word]) => !without.has(word)));
  return mapped(answers, (questions) => mapped(questions, left));
}

/**
 * [[id, name, reason]] of persons or units on the ballots that are no longer judged, as after an appeal. Nobody can be
 * left out silently: the facts must give a reason, and it is shown.
 */
function withdrawnIn(facts, form) {
  if (!isObject(facts.withdrawn)) return [];
  const asked = new Map();
  for (const department of form.departments)
    for (const section of department.sections)
      for (const person of section.persons) asked.set(person.id, `${department.name}${person.name}`);
  for (const department of form.departments) asked.set(department.id, department.name);
  return entriesOf(facts.withdrawn)
    .filter(([id, why]) => asked.has(id) && typeof why === "string" && strip(why))
    .map(([id, why]) => [id, asked.get(id), why]);
}

/** Everybody who was asked about has in the facts exactly the counted answers, or was withdrawn. */
function factsHold(facts, answers, withdrawn) {
  if (misfit(facts, FACTS) !== null) return false;
  const entries = new Map(entriesOf(facts.subjects));
  for (const [, subject] of entriesOf(facts.subjects))
    for (const [id, entry] of entriesOf(subject.members || {})) entries.set(id, entry);
  const rated = [...entries].filter(([, entry]) => entry.answers && namesOf(entry.answers).length);
  const names = new Set([...rated.map(([id]) => id), ...withdrawn]);
  return (
    names.size === answers.size &&
    [...names].every((id) => answers.has(id)) &&
    rated.every(([id]) => !withdrawn.has(id)) &&
    rated.every(([id, entry]) => entriesOf(entry.answers).some(([, one]) => same(answers.get(id), one)))
  );
}

/** Every unit has in the facts exactly the marks that each panel's ballots gave it. */
function marksHold(facts, form, counts) {
  const tables = new Map(counts.strata.map((group) => [group.name, group.answers]));
  if (misfit(facts, MARKS) !== null || form.panels.some((panel) => !tables.has(panel.stratum))) return false;
  const marksOf = (unit, panel) => {
    const marks = "marks" in unit && panel.id in unit.marks ? unit.marks[panel.id] : {};
    return entriesOf(marks).map(([, mark]) => mark);
  };
  return form.panels.every((panel) =>
    entriesOf(tables.get(panel.stratum)).every(
      ([id, questions]) =>
        id in facts.subjects && same(marksOf(facts.subjects[id], panel).sort(), given(form, panel, questions)),
    ),
  );
}

/** Every mark that the panel gave a unit, in an order that says nothing of who gave which. */
function given(form, panel, questions) {
  const found = [];
  const [[, row]] = entriesOf(questions).slice(-1); // a unit has one question
  for (const word of words(form))
    if (panel.words.includes(word)) for (let left = row[word]; left > 0; left -= 1) found.push(word);
  return found.sort();
}

async function member(bundle, name, found) {
  if (!bundle.has(name)) return null;
  let value = null;
  try {
    value = parse(await bundle.read(name));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  if (isObject(value)) return value;
  found.wrong.push(`${name} 不是完整的文件`);
  return null;
}
