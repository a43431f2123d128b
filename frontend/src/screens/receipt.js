// The ballot is in. The receipt proves that, and never what it says.
import { button, el } from "../dom.js";
import { inFours } from "../slip.js";

export function receiptScreen(app) {
  const { tracker } = app.record.state;
  const change = () => {
    app.record.state.draft = undefined;
    app.record.save();
    app.record.draft.chosen = [];
    app.go("departments");
  };
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, "评价已提交"),
    el("p", {}, "感谢您参与营商环境评价。填写的内容已从本机清除。"),
    tracker && [
      el("h2", {}, "回执码"),
      el("p", { class: "v-code" }, inFours(tracker.toUpperCase())),
      el("p", { class: "v-hint" }, "回执码只证明您的票已入箱，不显示评价内容。评价结束后，可在公布的名单中核对；抄下前16位即可。"),
    ],
    app.transport.mayChange && [
      el("p", {}, "截止前可以修改，以最后一次提交为准。"),
      el("div", { class: "v-actions" }, button("修改评价", change)),
    ],
    tracker && app.trackersUrl && el("div", { class: "v-actions" }, button("查询回执", () => app.go("trackers"))),
    el("p", { class: "v-hint" }, "如在公用设备上评价，请清除本机记录后交还设备。清除后不能再修改。"),
    el("div", { class: "v-actions" }, button("清除本机记录", () => app.leave())),
  );
}
