// Everything once more before it goes; then one button.
import { button, el } from "../dom.js";
import { answeredOf, answerAt, cells, judgesUnits, toSend, unknownWord } from "../form.js";
import { waitingScreen } from "./notices.js";

/** Units with one question each: their names say enough, one line a unit. */
const isList = (form) => judgesUnits(form) && form.departments.every((unit) => unit.questions.length === 1);

function answered(app, departments, comments) {
  const { draft } = app.record;
  const { form } = app.page.public;
  const rows = cells(form)
    .filter((cell) => departments.includes(cell.department) && answerAt(draft.answers, cell))
    .map((cell) => {
      const whole = isList(form) ? cell.department.name : cell.question.text;
      const who = cell.person ? `${cell.person.name}　${cell.question.text}` : whole;
      const said = comments.filter((each) => each.subject === cell.subject && each.question === cell.question.id);
      const text = said.map(({ matter, suggestion }) => [matter && el("p", {}, `具体事项：${matter}`), suggestion && el("p", {}, `意见建议：${suggestion}`)]);
      return el("li", {}, el("span", {}, who), el("strong", {}, answerAt(draft.answers, cell), app.panel && "分"), text);
    });
  if (!rows.length && judgesUnits(form)) return null;
  return rows.length ? el("ul", { class: "v-summary" }, rows) : el("p", { class: "v-hint" }, "没有评价具体人员，全部按“不了解情况”处理。");
}

async function submit(app) {
  const { record, transport } = app;
  const content = toSend(app.page.public.form, record.draft);
  app.show(waitingScreen("正在提交"));
  try {
    const cast = await transport.cast(content);
    record.finish(cast);
    if (app.record === record) app.handedIn();
  } catch (problem) {
    if (app.record === record) app.refused(problem, () => submit(app));
  }
}

/** Said before anything is kept: the answers stay on the voter's own phone only if the voter wants that. */
function keeping(app) {
  const { record } = app;
  if (!record.state.own || !app.transport.mayChange) return null;
  const keep = el("input", {
    type: "checkbox",
    checked: Boolean(record.draft.keep),
    onchange: () => {
      record.draft.keep = keep.checked;
      app.keep();
    },
  });
  return [
    el("label", { class: "v-pick" }, keep, el("span", {}, "在本机保留填写的内容，修改时不必重新填写")),
    el("p", { class: "v-hint" }, "保留的内容加密存放在这部手机上，截止后打开本页即清除。不保留的，修改时须全部重新填写。"),
  ];
}

/** What becomes of whatever is not listed. */
function others(form, draft) {
  if (!judgesUnits(form)) return "其他部门和人员按“不了解情况”处理。";
  const unknown = unknownWord(form);
  const left = form.departments.filter((unit) => !answeredOf(unit, draft.answers)).length;
  const some = form.departments.some((unit) => answeredOf(unit, draft.answers) % unit.questions.length);
  return `${left ? `其余${left}个单位都记为“${unknown}”，不影响其得分。` : ""}${some ? `单位没有选到的评价内容也记为“${unknown}”。` : ""}`;
}

/** A nought is a mark, and easily tapped by mistake. */
function noughts(app, chosen) {
  const zero = app.panel ? chosen.filter((unit) => answerAt(app.record.draft.answers, { subject: unit.id, question: unit.questions[0] }) === "0").length : 0;
  return zero ? el("p", { class: "v-message" }, `有${zero}个单位打了0分，请核对。不想评的，返回后选“不评这个单位”。`) : null;
}

export function reviewScreen(app) {
  const { form } = app.page.public;
  const { draft } = app.record;
  const chosen = form.departments.filter((each) => draft.chosen.includes(each.id) && (!judgesUnits(form) || answeredOf(each, draft.answers)));
  const { answers, comments } = toSend(form, draft);
  const empty = !Object.keys(answers).length;
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, "核对评价"),
    isList(form) ? answered(app, chosen, comments) : chosen.map((department) => [el("h2", {}, department.name), answered(app, [department], comments)]),
    noughts(app, chosen),
    el("p", {}, others(form, draft)),
    empty && el("p", { class: "v-message" }, `您还没有评价任何${judgesUnits(form) ? "单位" : "人员"}。如确实都${app.panel ? "不评" : "不了解"}，可以直接提交。`),
    keeping(app),
    !app.transport.mayChange && el("p", { class: "v-hint" }, "提交后不能修改。"),
    el("div", { class: "v-bar" }, button("返回修改", () => (judgesUnits(form) ? app.go("departments") : app.go("answers", { at: 0 }))), button("提交评价", () => submit(app), "main")),
  );
}
