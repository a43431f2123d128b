// Before anything is spent: who asks, until when, how long it takes, and whose phone this is.
import { button, el } from "../dom.js";
import { judgesUnits } from "../form.js";
import { rangeOf } from "./marks.js";

function whom(app) {
  const { county, public: asked } = app.page;
  const number = asked.form.departments.length;
  if (app.panel) return `${county}请您给${number}个单位打分（${app.panel.name}，${rangeOf(app.panel)}）。只评了解的，其余不评，一般几分钟填完。`;
  if (judgesUnits(asked.form)) return `${county}请您评价${number}个单位，只评了解的，其余一次选为不了解，一般几分钟填完。`;
  return `${county}请您评价打过交道的部门和工作人员，共${number}个部门可选，一般几分钟填完。`;
}

export function startScreen(app, go) {
  const { closes, allow_revote: mayChange, public: asked } = app.page;
  const own = el("input", { type: "checkbox" });
  const begin = () => {
    app.record.state.own = own.checked || undefined;
    go();
  };
  const change = mayChange ? "，截止前可以修改评价" : "";
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, asked.form.title),
    el("p", {}, whom(app)),
    closes && el("p", {}, `评价截止：${closes}`),
    el("p", {}, "本次评价不记名：选票加密投递，选票与凭条之间没有对应关系。"),
    el("p", { class: "v-note" }, "点“开始评价”后，请在这部手机的同一个应用中填完，不能再换手机、浏览器或应用。"),
    el("label", { class: "v-pick" }, own, el("span", {}, "这是我本人的手机")),
    el("p", { class: "v-hint" }, `选中的，中途离开后重新扫码可以接着填写${change}。公用设备请不要选：提交后，或10分钟没有操作，即清除本机记录。`),
    el("div", { class: "v-bar" }, button("开始评价", begin, "main")),
  );
}
