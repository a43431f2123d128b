// Which departments the voter has dealt with; all others stay 不了解情况.
import { button, el } from "../dom.js";

const MANY = 12;

export function departmentsScreen(app) {
  const { form } = app.page.public;
  const { draft } = app.record;
  const problem = el("p", { class: "v-message", role: "alert" });
  const rows = form.departments.map((department) => {
    const box = el("input", {
      type: "checkbox",
      value: department.id,
      checked: draft.chosen.includes(department.id),
      onchange: () => {
        const others = draft.chosen.filter((id) => id !== department.id);
        const wanted = box.checked ? [...others, department.id] : others;
        draft.chosen = form.departments.map((each) => each.id).filter((id) => wanted.includes(id));
        problem.textContent = "";
        count.textContent = `已选${draft.chosen.length}个部门`;
        app.keep();
      },
    });
    return { name: department.name, node: el("label", { class: "v-pick" }, box, el("span", {}, department.name)) };
  });
  const count = el("span", { class: "v-count", role: "status" }, `已选${draft.chosen.length}个部门`);
  const filter = el("input", {
    id: "v-filter",
    type: "search",
    autocomplete: "off",
    oninput: () => rows.forEach((row) => (row.node.hidden = !row.name.includes(filter.value.trim()))),
  });
  const next = () => {
    if (draft.chosen.length) app.go("answers", { at: 0 });
    else problem.textContent = "请至少选择一个打过交道的部门。";
  };
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, form.title),
    rows.length > MANY && el("div", { class: "v-field" }, el("label", { for: "v-filter" }, "查找部门"), filter),
    el("fieldset", { class: "v-picks" }, el("legend", {}, "您与哪些部门打过交道？"), rows.map((row) => row.node)),
    el("div", { class: "v-bar" }, problem, count, button("下一步", next, "main")),
  );
}
