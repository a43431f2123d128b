// One department: its persons by section, one row of answers each; a reason is asked for, never demanded.
import { button, el, refill } from "../dom.js";
import { answerAt, asking, charactersIn, choiceOf, toSend } from "../form.js";
import { canShow, photoOf } from "../photos.js";

const TYPING_PAUSE = 400;
/** More choices than these are set smaller, so that their words still fit a phone. */
const MOST_IN_A_ROW = 5;

/** 比较满意 breaks as 比较 / 满意, never as 比较满 / 意; 非常不满意 as 非常 / 不满意. */
function halves(word) {
  const middle = word.length < 4 ? word.length : word.indexOf("非常") === 0 ? 2 : Math.ceil(word.length / 2);
  return [word.slice(0, middle), el("wbr", {}), word.slice(middle)];
}

function reason(app, cell, onchange) {
  const { draft } = app.record;
  const place = `${cell.subject}|${cell.question.id}`;
  const kept = draft.comments[place] || { matter: "", suggestion: "" };
  let timer = 0;
  const area = (name, label) => {
    const node = el("textarea", {
      rows: "2",
      value: kept[name] || "",
      id: `v-${name}-${place}`,
      oninput: () => {
        draft.comments[place] = { ...(draft.comments[place] || { matter: "", suggestion: "" }), [name]: node.value };
        clearTimeout(timer);
        timer = setTimeout(() => app.keep(), TYPING_PAUSE);
        onchange();
      },
    });
    return [el("label", { for: node.id }, label), node];
  };
  const hint = el("p", { class: "v-hint" }, "请只写事情，不要写您的姓名、单位、电话和办事日期。");
  return el("div", { class: "v-reason" }, hint, area("matter", "具体事项（可不填）"), area("suggestion", "意见建议（可不填）"));
}

/** What was written so far against what a ballot holds: a counter, a message, and whether it is too much. */
export function writing(app) {
  const { form } = app.page.public;
  const counter = el("p", { class: "v-hint", role: "status" });
  const problem = el("p", { class: "v-message", role: "alert" });
  const left = () => form.comment_cap - charactersIn(toSend(form, app.record.draft).comments);
  const onchange = () => {
    const used = form.comment_cap - left();
    counter.textContent = used ? `文字共${used}字，还可以写${Math.max(0, left())}字` : "";
    problem.textContent = left() < 0 ? `文字超出${-left()}字，请删减后继续。` : "";
  };
  const isTooMuch = () => {
    onchange();
    return left() < 0;
  };
  onchange();
  return { counter, problem, onchange, isTooMuch };
}

export function question(app, cell, label, onchange, above = null) {
  const { form } = app.page.public;
  const { draft } = app.record;
  const group = `v-${cell.subject}-${cell.question.id}`;
  const slot = el("div", {});
  const refresh = () => {
    const word = answerAt(draft.answers, cell);
    refill(slot, ...(word && choiceOf(form, word).ask ? [reason(app, cell, onchange)] : []));
    onchange();
  };
  const choices = form.choices.map((choice) => {
    const radio = el("input", {
      type: "radio",
      name: group,
      value: choice.word,
      checked: answerAt(draft.answers, cell) === choice.word,
      onchange: () => {
        if (!draft.chosen.includes(cell.department.id)) draft.chosen = [...draft.chosen, cell.department.id];
        draft.answers[cell.subject] = { ...(draft.answers[cell.subject] || {}), [cell.question.id]: choice.word };
        app.keep();
        refresh();
      },
    });
    return el("label", { class: `v-choice v-tone-${choice.tone}` }, radio, el("span", { class: "v-face" }, el("span", {}, halves(choice.word))));
  });
  refresh();
  return el("fieldset", { class: "v-question" }, el("legend", {}, label), above, el("div", { class: choices.length > MOST_IN_A_ROW ? "v-choices v-many" : "v-choices" }, choices), slot);
}

function personRows(app, department, section, onchange) {
  return section.persons.map((person) =>
    section.questions.map((asked, place) => {
      const cell = { department, section, person, subject: person.id, question: asked };
      const label = [el("span", { class: "v-name" }, person.name), el("span", { class: "v-post" }, person.post), el("span", { class: "v-topic" }, asking(app.page.public.form, cell))];
      return question(app, cell, label, onchange, place ? null : photoOf(app, person));
    }),
  );
}

export function answersScreen(app, place) {
  const { form } = app.page.public;
  const { draft } = app.record;
  const chosen = form.departments.filter((each) => draft.chosen.includes(each.id));
  const at = Math.min(place.at, chosen.length - 1);
  const department = chosen[at];
  const last = at === chosen.length - 1;
  const hasPhotos = canShow(form) && department.sections.some((section) => section.persons.some((person) => person.photo));
  const { counter, problem, onchange, isTooMuch } = writing(app);
  const next = () => {
    if (isTooMuch()) return undefined;
    return last ? app.go("review") : app.go("answers", { at: at + 1 });
  };
  return el(
    "section",
    { class: "v-screen" },
    el(
      "div",
      { class: "v-progress" },
      el("label", { for: "v-progress" }, `第${at + 1}个部门，共${chosen.length}个`),
      el("progress", { id: "v-progress", max: chosen.length, value: at + 1 }),
    ),
    el("h1", {}, department.name),
    el("p", { class: "v-hint" }, "只评价您了解的人员，其余不选即为“不了解情况”。"),
    hasPhotos && el("p", { class: "v-hint" }, `首次看照片时取回全部人员的照片（约${Math.max(0.1, form.photos.kb / 1024).toFixed(1)}兆流量），别人看不出您看的是谁。`),
    department.questions.map((asked) => {
      const cell = { department, subject: department.id, question: asked };
      return question(app, cell, [el("span", {}, asking(form, cell))], onchange);
    }),
    department.sections.map((section) =>
      section.persons.length ? [el("h2", {}, section.name), personRows(app, department, section, onchange)] : null,
    ),
    counter,
    el(
      "div",
      { class: "v-bar" },
      problem,
      button("上一步", () => (at ? app.go("answers", { at: at - 1 }) : app.go("departments"))),
      button(last ? "核对评价" : "下一部门", next, "main"),
    ),
  );
}

