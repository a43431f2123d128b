// A ballot about units as wholes: the list by peer group, and one unit with all its questions.
import { button, el } from "../dom.js";
import { answeredOf, answerAt, unknownWord } from "../form.js";
import { question, writing } from "./answers.js";
import { marking, rangeOf } from "./marks.js";

const MANY = 12;

const cellOf = (unit, asked) => ({ department: unit, subject: unit.id, question: asked });

/** What stands beside a unit in the list: its answers, or that it has none yet. */
function said(app, unit, answers) {
  const given = answeredOf(unit, answers);
  if (!given) return "未评价";
  if (app.panel) return `${answerAt(answers, cellOf(unit, unit.questions[0]))}分`;
  if (given < unit.questions.length) return `已评${given}项，共${unit.questions.length}项`;
  return unit.questions.map((asked) => answerAt(answers, cellOf(unit, asked))).join("、");
}

/** One question: it is answered in the list itself, with one tap a unit. Several, or a mark: a tap opens the unit. */
function row(app, unit, onchange) {
  const { draft } = app.record;
  if (unit.questions.length === 1 && !app.panel) {
    return question(app, cellOf(unit, unit.questions[0]), el("span", { class: "v-name" }, unit.name), onchange);
  }
  const open = () => {
    app.place = { ...app.place, near: unit.id };
    history.replaceState(app.place, "", location.pathname);
    app.go("unit", { id: unit.id });
  };
  const done = answeredOf(unit, draft.answers) === unit.questions.length;
  return el(
    "button",
    { type: "button", class: `v-unit${done ? " v-done" : ""}`, onclick: open },
    el("span", { class: "v-name" }, unit.name),
    el("span", { class: "v-said" }, said(app, unit, draft.answers)),
  );
}

export function unitsScreen(app, place = {}) {
  const { form } = app.page.public;
  const { draft } = app.record;
  const unknown = unknownWord(form);
  const short = unknown.replace(/情况$/, "");
  const total = form.departments.length;
  const { counter, problem, onchange, isTooMuch } = writing(app);
  const progress = el("progress", { id: "v-progress", max: total });
  const label = el("span", { role: "status" });
  const hint = el("p", { class: "v-hint" });
  const main = button("", () => !isTooMuch() && app.go("review"), "main");
  const jumps = form.groups.map((group) => button("", () => sections[group.id].scrollIntoView(), "jump"));
  const count = () => {
    const rated = (units) => units.filter((unit) => answeredOf(unit, draft.answers)).length;
    const done = rated(form.departments);
    const left = total - done;
    progress.value = done;
    label.textContent = `已评${done}个，共${total}个单位`;
    main.textContent = left ? `${done ? "其余" : ""}${left}个${short}，去核对` : "核对评价";
    hint.textContent = left ? `没有评价的${left}个单位都记为“${unknown}”，不影响其得分；提交前还可以改。` : "";
    form.groups.forEach((group, at) => {
      const units = form.departments.filter((unit) => unit.group === group.id);
      jumps[at].textContent = `${group.name} ${rated(units)}／${units.length}`;
    });
  };
  const changed = () => {
    onchange();
    count();
  };
  const rows = form.departments.map((unit) => ({ unit, node: row(app, unit, changed) }));
  const sections = {};
  form.groups.forEach((group) => {
    const inside = rows.filter(({ unit }) => unit.group === group.id).map(({ node }) => node);
    sections[group.id] = el("section", { class: "v-group" }, el("h2", {}, group.name), inside);
  });
  const none = el("p", { class: "v-hint", role: "status" });
  const filter = el("input", {
    id: "v-filter",
    type: "search",
    autocomplete: "off",
    oninput: () => {
      const wanted = filter.value.trim();
      rows.forEach(({ unit, node }) => (node.hidden = !unit.name.includes(wanted)));
      const shown = rows.filter(({ node }) => !node.hidden).map(({ unit }) => unit.group);
      form.groups.forEach((group) => (sections[group.id].hidden = !shown.includes(group.id)));
      none.textContent = shown.length ? "" : "没有找到这个单位，请换一个词。";
    },
  });
  count();
  const near = rows.find(({ unit }) => unit.id === place.near);
  if (near) setTimeout(() => near.node.scrollIntoView({ block: "center" }), 0);
  const [first] = form.departments;
  const marks = app.panel && `请逐个点开单位打分（${app.panel.name}，${rangeOf(app.panel)}）。`;
  const alone = first.questions.length === 1 ? `请评价各单位的${first.questions[0].text}。` : "请逐个点开单位评价。";
  return el(
    "section",
    { class: "v-screen v-list" },
    el("h1", {}, form.title),
    el("p", {}, `${marks || alone}只评您了解的单位。`),
    el("div", { class: "v-progress" }, el("label", { for: "v-progress" }, label), progress),
    total > MANY && el("div", { class: "v-field" }, el("label", { for: "v-filter" }, "查找单位"), filter),
    form.groups.length > 1 && el("div", { class: "v-actions" }, jumps),
    none,
    form.groups.map((group) => sections[group.id]),
    counter,
    el("div", { class: "v-bar" }, problem, hint, main),
  );
}

/** All questions on one unit; the next one is the next that is not yet answered. */
export function unitScreen(app, place) {
  const { form } = app.page.public;
  const { draft } = app.record;
  const at = form.departments.findIndex((unit) => unit.id === place.id);
  const unit = form.departments[at];
  const group = form.groups.find((each) => each.id === unit.group);
  const { counter, problem, onchange, isTooMuch } = writing(app);
  const following = form.departments.slice(at + 1).find((each) => answeredOf(each, draft.answers) < each.questions.length);
  const list = () => !isTooMuch() && app.go("departments", { near: unit.id });
  const next = () => !isTooMuch() && app.go("unit", { id: following.id });
  return el(
    "section",
    { class: "v-screen" },
    el(
      "div",
      { class: "v-progress" },
      el("label", { for: "v-progress" }, `${group.name}　第${at + 1}个，共${form.departments.length}个单位`),
      el("progress", { id: "v-progress", max: form.departments.length, value: at + 1 }),
    ),
    el("h1", {}, unit.name),
    el("p", { class: "v-hint" }, `不了解的，不${app.panel ? "打分" : "选"}即为“${unknownWord(form)}”。`),
    unit.questions.map((asked) => app.panel ? marking(app, cellOf(unit, asked), onchange) : question(app, cellOf(unit, asked), el("span", {}, asked.text), onchange)),
    counter,
    el("div", { class: "v-bar" }, problem, button("返回名单", list, following ? "plain" : "main"), following && button("下一个", next, "main")),
  );
}
