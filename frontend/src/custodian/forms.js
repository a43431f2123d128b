// The frozen form: its fingerprint, its cells in order, and what is refused of it (surveys/ballots/forms.py).
import { utf8 } from "../bytes.js";
import { ALPHABET, Malformed, bigNumber, fromB64, toSymbols } from "./encoding.js";
import { Fault } from "./fault.js";
import { byCodePoint, canonical, isObject, namesOf } from "./python.js";
import { ANY, TEXT, WHOLE, YES, each, misfit } from "./shapes.js";
import { sha256 } from "./sodium.js";

export { canonical };

const ID = /^[A-Za-z0-9_-]{1,40}$/;
const SURVEY_ID = /^[a-z0-9-]{1,40}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const KEY_ID = new RegExp(`^[${ALPHABET}]{4}$`);
const FINGERPRINT_SYMBOLS = 26; // the fewest that hold 128 bits
const FEWEST_CHOICES = 2;
const MOST_CHOICES = 250; // a choice is one byte in the sealed ballot
const MOST_CHARACTERS = 10000; // of comments in one ballot
const PANEL = ["id", "name", "step", "stratum", "words"];
const TONES = ["best", "good", "fair", "poor", "none"];
const QUESTIONS = [{ id: TEXT }];
const KEYS = [{ id: TEXT, stratum: TEXT, n: ANY }];
const FORM = {
  choices: [{ word: TEXT, tone: TEXT, unknown: YES, "added?": YES }],
  comment_cap: WHOLE,
  departments: [
    {
      id: TEXT,
      name: TEXT,
      questions: QUESTIONS,
      sections: [{ id: TEXT, questions: QUESTIONS, persons: [{ id: TEXT, name: TEXT }] }],
    },
  ],
  "groups?": [{ id: TEXT, name: ANY }],
  "panels?": [{ id: TEXT, stratum: TEXT, name: TEXT, words: [TEXT] }],
};

const has = (value, name) => Object.prototype.hasOwnProperty.call(value, name);
const areOnce = (values) => new Set(values).size === values.length;
const isSame = (one, other) => one.size === other.size && [...one].every((value) => other.has(value));
const isNamed = (value, ...names) => isSame(new Set(namesOf(value)), new Set(names));

/** 32 bytes over survey, all issuer keys, tally key, box key and form. */
export const formHash = (publicPart) => sha256(utf8(`sanliang/form/1|${canonical(publicPart)}`));

/** The first 128 bits, in 26 symbols, as printed on slips and posted in the hall. */
export const fingerprint = (publicPart) =>
  toSymbols(bigNumber(formHash(publicPart).subarray(0, 16)), FINGERPRINT_SYMBOLS);

/** All cells in the order of the form: the department's own questions, then its persons'. */
export function cells(form) {
  const found = [];
  for (const department of form.departments) {
    const { id } = department;
    const of = (subjectKind, section, person, question) =>
      found.push({ subjectKind, department: id, section, person, question, subject: person || id });
    for (const question of department.questions) of("department", "", "", question.id);
    for (const section of department.sections)
      for (const person of section.persons)
        for (const question of section.questions) of("person", section.id, person.id, question.id);
  }
  return found;
}

/** Map {department: the places of its cells}. */
export function placesOfDepartments(form) {
  const found = new Map();
  cells(form).forEach((cell, place) => {
    if (!found.has(cell.department)) found.set(cell.department, []);
    found.get(cell.department).push(place);
  });
  return found;
}

/** Whether units are rated as wholes, listed by peer group, instead of persons of departments. */
export const judgesUnits = (form) => has(form, "groups");

/** What one sheet of paper asks about: a department with its persons, or the units of a peer group. */
export function sheets(form) {
  if (!judgesUnits(form)) return form.departments.map((one) => ({ id: one.id, name: one.name, departments: [one] }));
  return form.groups.map((group) => ({
    ...group,
    departments: form.departments.filter((one) => one.group === group.id),
  }));
}

/** The choices' words in order; a cell stores the index in this list, from 1. */
export const words = (form) => form.choices.map((choice) => choice.word);

export const unknownWord = (form) => form.choices.find((choice) => choice.unknown).word;

/** Of each word whether it says anything: all but 不了解情况. */
export const known = (form) => form.choices.map((choice) => !choice.unknown);

/** Throws Fault for a form or keys that two programs could read differently. */
export function checkPublic(publicPart) {
  const names = isObject(publicPart) ? namesOf(publicPart).filter((name) => name !== "counts_key") : [];
  if (!isSame(new Set(names), new Set(["survey", "keys", "tally_key", "box_key", "form"])))
    throw new Fault("表单缺少内容或含有多余内容。");
  checkKeys(publicPart);
  checkForm(publicPart.survey, publicPart.form);
  const strata = new Set(publicPart.keys.map((key) => key.stratum));
  const { panels } = publicPart.form;
  if (panels && !isSame(new Set(panels.map((one) => one.stratum)), strata)) throw new Fault("每个评议组须有自己的票种。");
  canonical(publicPart);
}

/** Throws Fault for a form before any key is made for it. */
export function checkForm(survey, form) {
  canonical(form);
  if (typeof survey !== "string" || !SURVEY_ID.test(survey))
    throw new Fault("评价编号只能用小写字母、数字和连字符，最多40位。");
  refuseMisfit(form, FORM);
  checkChoices(form);
  checkRest(form);
}

function refuseMisfit(value, shape) {
  const place = misfit(value, shape);
  if (place !== null) throw new Fault(`表单结构不完整：${place || "form"}。`);
}

function checkKeys(publicPart) {
  refuseMisfit(publicPart.keys, KEYS);
  const ids = publicPart.keys.map((key) => key.id);
  if (!ids.length || ids.some((id, place) => place && byCodePoint(ids[place - 1], id) >= 0))
    throw new Fault("票种须按编号排列且不重复，至少一个。");
  if (!ids.every((id) => KEY_ID.test(id))) throw new Fault("票种编号须为4位票码字符。");
  if (!areOnce(publicPart.keys.map((key) => key.stratum))) throw new Fault("同一类市场主体只能有一个票种。");
  try {
    publicPart.keys.forEach((key) => fromB64(key.n, 256));
    for (const name of ["tally_key", "box_key", "counts_key"])
      if (has(publicPart, name) || name !== "counts_key") fromB64(publicPart[name], 32); // earlier: no signed counts
  } catch (error) {
    if (error instanceof Malformed) throw new Fault("公钥格式不正确，请重新生成。");
    throw error;
  }
}

function checkChoices(form) {
  const labels = words(form);
  if (!areOnce(labels) || labels.length < FEWEST_CHOICES || labels.length > MOST_CHOICES)
    throw new Fault("评价档次不能重复，至少两个。");
  if (form.choices.filter((choice) => choice.unknown).length !== 1)
    throw new Fault("评价档次中须有且只有一个“不了解情况”选项。");
  if (form.choices.some((choice) => choice.added && !choice.unknown))
    throw new Fault("只有“不评”一档可以不出自评价方案。");
  if (!form.choices.every((choice) => TONES.includes(choice.tone))) throw new Fault("评价档次的颜色名称不正确。");
}

function checkRest(form) {
  if (has(form, "photos") && !areDigested(form.photos)) throw new Fault("照片的校验值格式不正确。");
  if (form.comment_cap < 0 || form.comment_cap > MOST_CHARACTERS) throw new Fault("文字意见上限须在0至10000字之间。");
  const found = cells(form);
  if (!found.length) throw new Fault("评价表中没有评价对象。");
  if (!areOnce(found.map((cell) => JSON.stringify([cell.subject, cell.question]))))
    throw new Fault("同一评价对象的同一问题出现了两次。");
  const departments = new Set(found.map((cell) => cell.department));
  if (departments.size !== form.departments.length || found.some((cell) => cell.person && departments.has(cell.person)))
    throw new Fault("部门和人员的编号不能重复，每个部门至少有一名评价对象。");
  if (judgesUnits(form)) checkGroups(form, departments);
  if (has(form, "panels")) checkPanels(form);
  const ids = found.flatMap((cell) => [
    cell.department,
    cell.question,
    ...(cell.subjectKind === "person" ? [cell.section, cell.person] : []),
  ]);
  if (!ids.every((id) => ID.test(id))) throw new Fault("编号只能用字母、数字、下划线和连字符，最多40位。");
}

const areDigested = (photos) =>
  misfit(photos, each(ANY)) === null &&
  isNamed(photos, "digest", "kb") &&
  misfit(photos, { digest: TEXT, kb: WHOLE }) === null &&
  DIGEST.test(photos.digest);

function checkGroups(form, units) {
  const groups = form.groups.map((group) => group.id);
  if (!areOnce(groups) || groups.some((id) => units.has(id) || !ID.test(id)))
    throw new Fault("系列（分组）的编号不能重复。");
  if (form.groups.some((group) => !isNamed(group, "id", "name") || typeof group.name !== "string"))
    throw new Fault("系列（分组）只有编号和名称。");
  if (!isSame(new Set(form.departments.map((one) => one.group)), new Set(groups)))
    throw new Fault("每个评价单位须属于一个系列（分组），每个系列至少有一个评价单位。");
  if (form.departments.some((one) => one.sections.length)) throw new Fault("只评单位的评价表不能列科室和人员。");
}

/** Every voter gives every unit one mark; the panel of a voter is known by the key alone. */
function checkPanels(form) {
  const { panels } = form;
  const [ids, strata] = ["id", "stratum"].map((name) => panels.map((one) => one[name]));
  const marks = new Set(form.choices.filter((choice) => !choice.unknown).map((choice) => choice.word));
  if (!panels.length || !areOnce(ids) || !areOnce(strata) || !ids.every((id) => ID.test(id)))
    throw new Fault("评议组的编号和评价人类别不能重复，至少一个。");
  if (panels.some((one) => !isNamed(one, ...PANEL)))
    throw new Fault("评议组只有编号、评价人类别、名称、最小分值和可用的分数。");
  for (const one of panels)
    if (!one.words.length || !areOnce(one.words) || !one.words.every((word) => marks.has(word)))
      throw new Fault(`${one.name}的分值须出自评价档次，不能重复。`);
  if (!judgesUnits(form) || form.departments.some((one) => one.questions.length !== 1))
    throw new Fault("打分的评价表只评单位，每个单位一个分数。");
}
