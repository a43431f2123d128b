// For those who cannot scan: the key id (票种) and the code as printed.
import { button, el } from "../dom.js";
import { faultIn, normalize } from "../slip.js";

export function enterScreen(app, message) {
  const problem = el("p", { class: "v-message", role: "alert", id: "v-problem" }, message || "");
  const field = (name, label, hint) => {
    const input = el("input", {
      id: `v-${name}`,
      name,
      type: "text",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      inputmode: "text",
      "aria-describedby": `v-${name}-hint v-problem`,
    });
    return { input, row: el("div", { class: "v-field" }, el("label", { for: `v-${name}` }, label), input, el("p", { class: "v-hint", id: `v-${name}-hint` }, hint)) };
  };
  const key = field("key", "票种", "凭条上“票种”后的4位");
  const code = field("code", "投票码", "凭条上的16位，分四组印制，不区分大小写，空格可以不输");
  const submit = (event) => {
    event.preventDefault();
    const slip = { key: normalize(key.input.value), code: normalize(code.input.value), fp: "", typed: true };
    const fault = faultIn(slip.key, slip.code);
    problem.textContent = fault;
    if (fault) return (normalize(key.input.value).length === 4 ? code : key).input.focus();
    return app.open(slip);
  };
  return el(
    "form",
    { class: "v-screen", onsubmit: submit, novalidate: true, autocomplete: "off" },
    el("h1", {}, "营商环境评价"),
    el("p", {}, "请用手机扫描凭条上的二维码，或在下面输入凭条上的票种和投票码。"),
    problem,
    key.row,
    code.row,
    el("div", { class: "v-actions" }, el("button", { type: "submit", class: "v-button v-main" }, "打开评价表")),
    app.trackersUrl && app.page ? button("查询回执", () => app.go("trackers")) : null,
  );
}
