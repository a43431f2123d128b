// What stands around every screen: whose page it is, the large type, help, and the banners.
import { el } from "./dom.js";
import { judgesUnits, unknownWord } from "./form.js";

const LARGE = "elder"; // the name under which the public site keeps the same choice

function isLarge() {
  try {
    return localStorage.getItem(LARGE) === "1";
  } catch (problem) {
    return document.documentElement.classList.contains("v-large");
  }
}

function setLarge(large) {
  document.documentElement.classList.toggle("v-large", large);
  try {
    localStorage.setItem(LARGE, large ? "1" : "0");
  } catch (problem) {
    // The choice then lasts as long as the page.
  }
}

function typeSwitch() {
  const node = el("button", { type: "button", class: "v-small-button", "aria-pressed": String(isLarge()) }, "长者版");
  node.addEventListener("click", () => {
    const large = node.getAttribute("aria-pressed") !== "true";
    setLarge(large);
    node.setAttribute("aria-pressed", String(large));
  });
  return node;
}

function whom(app) {
  const form = app.page && app.page.public.form;
  if (form && judgesUnits(form)) return `评价您了解的单位。没有评价的单位按“${unknownWord(form)}”处理，不影响其得分。`;
  return "选择打过交道的部门，再对认识的工作人员评价。没有选到的人员按“不了解情况”处理，不影响其得分。";
}

function help(app) {
  const text = (app.page && app.page.help) || "如需帮助或改用纸质票，请联系现场工作人员。";
  return el(
    "details",
    { class: "v-help" },
    el("summary", {}, "帮助"),
    el(
      "div",
      { class: "v-help-text" },
      el("p", {}, whom(app)),
      el("p", {}, "请在同一部手机的同一个应用中填完。开始时选中“这是我本人的手机”的，中途离开后重新扫码可以接着填写；没有选的，关闭页面后须重新填写。"),
      el("p", {}, text),
    ),
  );
}

export function frame(app, content) {
  setLarge(isLarge());
  const banners = ((app.page && app.page.banners) || []).map((text) => el("p", { class: "v-banner" }, text));
  const unsaved = app.record && !app.record.kept;
  return el(
    "div",
    { class: "v-frame" },
    el("div", { class: "v-top" }, el("span", { class: "v-county" }, (app.page && app.page.county) || ""), typeSwitch(), help(app)),
    banners,
    unsaved && el("p", { class: "v-banner" }, "本机无法保存草稿，请不要在提交前关闭或刷新页面。"),
    content,
  );
}
