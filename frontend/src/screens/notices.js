// Screens that only say something: waiting, closed, swapped keys, trouble.
import { fingerprint } from "../canonical.js";
import { button, el } from "../dom.js";
import { inFours } from "../slip.js";

export function waitingScreen(text) {
  return el("section", { class: "v-screen", "aria-busy": "true" }, el("h1", {}, text), el("p", { role: "status" }, "请稍候。"));
}

/** `unsent`: what to say about answers that were filled in and not handed in. */
export function closedScreen(app, unsent) {
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, app.page.public.form.title),
    el("p", { class: "v-message" }, app.page.notice || "本轮评价现在不接受提交。"),
    unsent && el("p", { class: "v-message" }, unsent),
    app.trackersUrl && el("div", { class: "v-actions" }, button("查询回执", () => app.go("trackers"))),
  );
}

/** A page with other keys or another form than the slip names could mark a voter: nothing is sent. */
export function swappedScreen() {
  return el(
    "section",
    { class: "v-screen", role: "alert" },
    el("h1", {}, "评价表与凭条不一致"),
    el("p", {}, "本页的评价表或加密公钥与您凭条上的校验码对不上。为保护您的无记名权利，没有发送任何内容。"),
    el("p", {}, "请保留凭条，向现场工作人员或纪检监察机关反映，也可以换取纸质票。"),
  );
}

/** Who types a code compares the fingerprint before anything is sent; a scanned slip carries it. */
export function compareScreen(app, go) {
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, "核对校验码"),
    el("p", {}, "请核对下面的校验码与凭条、现场公示的是否一致。"),
    el("p", { class: "v-code" }, inFours(fingerprint(app.page.public))),
    el("p", { class: "v-hint" }, "不一致说明评价表或加密公钥被更换，请勿继续，并向现场工作人员或纪检监察机关反映。目前没有发送任何内容。"),
    el("div", { class: "v-bar" }, button("不一致，退出", () => app.leave("已退出，没有发送任何内容。")), button("一致，继续", go, "main")),
  );
}

export function troubleScreen(app, refusal, again) {
  const wait = refusal.wait ? `请等待${refusal.wait}秒后再试。` : "";
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, "没有完成"),
    el("p", { class: "v-message", role: "alert" }, refusal.message + wait),
    el("div", { class: "v-actions" }, again && button("重试", again, "main"), app.record && app.record.state.tracker && button("不再修改，查看回执", () => app.drop())),
  );
}
