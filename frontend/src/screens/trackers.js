// Checks a receipt against the published list on the phone itself: the server does not learn which one.
import { button, el } from "../dom.js";
import { ENOUGH, lookUp } from "../trackers.js";

export function trackersScreen(app) {
  const known = (app.record && app.record.state.tracker) || "";
  const input = el("input", { id: "v-tracker", type: "text", autocomplete: "off", spellcheck: "false", value: known.slice(0, ENOUGH).toUpperCase(), "aria-describedby": "v-tracker-hint" });
  const result = el("p", { class: "v-result", role: "status" });
  const look = async (event) => {
    event.preventDefault();
    result.textContent = "正在查询。";
    try {
      result.textContent = await lookUp(app.trackersUrl.replace("{survey}", encodeURIComponent(app.page.public.survey)), input.value);
    } catch (refusal) {
      result.textContent = refusal.message;
    }
  };
  return el(
    "form",
    { class: "v-screen", onsubmit: look, novalidate: true },
    el("h1", {}, "查询回执"),
    el("p", {}, "名单在评价结束后公布。核对在本机进行，不会发送您的回执码。"),
    el("div", { class: "v-field" }, el("label", { for: "v-tracker" }, "回执码"), input, el("p", { class: "v-hint", id: "v-tracker-hint" }, `前${ENOUGH}位即可`)),
    result,
    el("div", { class: "v-bar" }, app.record && button("返回", () => app.go("receipt")), el("button", { type: "submit", class: "v-button v-main" }, "查询")),
  );
}
