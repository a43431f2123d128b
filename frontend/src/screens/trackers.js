// Checks a receipt against the published list on the phone itself: the server does not learn which one.
import { button, el } from "../dom.js";
import { getJson } from "../http.js";
import { normalize } from "../slip.js";

const ENOUGH = 16;

export function trackersScreen(app) {
  const known = (app.record && app.record.state.tracker) || "";
  const input = el("input", { id: "v-tracker", type: "text", autocomplete: "off", spellcheck: "false", value: known.slice(0, ENOUGH).toUpperCase(), "aria-describedby": "v-tracker-hint" });
  const result = el("p", { class: "v-result", role: "status" });
  const look = async (event) => {
    event.preventDefault();
    const wanted = normalize(input.value).toLowerCase();
    if (!/^[0-9a-f]+$/.test(wanted) || wanted.length < ENOUGH) {
      result.textContent = `请输入回执码的前${ENOUGH}位。`;
      return;
    }
    result.textContent = "正在查询。";
    try {
      const { trackers } = await getJson(app.trackersUrl.replace("{survey}", encodeURIComponent(app.page.public.survey)));
      const found = trackers.some((tracker) => tracker.startsWith(wanted));
      result.textContent = found
        ? `已找到：这张票在票箱中。名单共${trackers.length}张票。`
        : "名单中没有这个回执码。请核对是否输错；如确认无误，请持凭条和回执码向纪检监察机关反映。";
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
