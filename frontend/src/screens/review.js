// Everything once more before it goes; then one button.
import { button, el } from "../dom.js";
import { answerAt, cells, toSend } from "../form.js";
import { waitingScreen } from "./notices.js";

function answered(app, department) {
  const { draft } = app.record;
  const rows = cells(app.page.public.form)
    .filter((cell) => cell.department.id === department.id && answerAt(draft.answers, cell))
    .map((cell) => {
      const who = cell.person ? `${cell.person.name}　${cell.question.text}` : cell.question.text;
      return el("li", {}, el("span", {}, who), el("strong", {}, answerAt(draft.answers, cell)));
    });
  return rows.length ? el("ul", { class: "v-summary" }, rows) : el("p", { class: "v-hint" }, "没有评价具体人员，全部按“不了解情况”处理。");
}

async function submit(app) {
  const content = toSend(app.page.public.form, app.record.draft);
  app.show(waitingScreen("正在提交"));
  try {
    const cast = await app.transport.cast(content);
    app.record.finish(cast);
    app.go("receipt");
  } catch (problem) {
    app.refused(problem, () => submit(app));
  }
}

export function reviewScreen(app) {
  const { form } = app.page.public;
  const { draft } = app.record;
  const chosen = form.departments.filter((each) => draft.chosen.includes(each.id));
  const { answers, comments } = toSend(form, draft);
  const empty = !Object.keys(answers).length;
  const written = comments.length ? `另有${comments.length}条文字意见一并提交。` : "";
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, "核对评价"),
    chosen.map((department) => [el("h2", {}, department.name), answered(app, department)]),
    el("p", {}, `${written}其他部门和人员按“不了解情况”处理。`),
    empty && el("p", { class: "v-message" }, "您还没有评价任何人员。如确实都不了解，可以直接提交。"),
    !app.transport.mayChange && el("p", { class: "v-hint" }, "提交后不能修改。"),
    el("div", { class: "v-bar" }, button("返回修改", () => app.go("answers", { at: 0 })), button("提交评价", () => submit(app), "main")),
  );
}
