// The ballot is in. The receipt proves that, and never what it says.
import { button, copy, el } from "../dom.js";
import { inFours } from "../slip.js";
import { ENOUGH } from "../trackers.js";

function receipt(tracker) {
  const digits = tracker.toUpperCase();
  const said = el("span", { class: "v-hint", role: "status" });
  const oncopy = () => {
    said.textContent = copy(digits.slice(0, ENOUGH)) ? "已复制。" : "没有复制成功，请抄写或截图。";
  };
  return [
    el("h2", {}, "回执码"),
    el("p", { class: "v-code" }, el("strong", { class: "v-first" }, inFours(digits.slice(0, ENOUGH))), " ", inFours(digits.slice(ENOUGH))),
    el("div", { class: "v-actions" }, button(`复制前${ENOUGH}位`, oncopy), said),
    el("p", { class: "v-hint" }, `回执码只证明您的选票已入箱，不显示评价内容。评价结束后，可在公布的名单中核对；抄下前${ENOUGH}位即可。`),
  ];
}

function changing(app) {
  const { record } = app;
  const { answers } = record.state;
  const change = () => {
    record.state.draft = answers || { chosen: [], answers: {}, comments: {} };
    record.save();
    app.go("departments");
  };
  const how = answers ? "上次填写的内容保留在本机，可以接着改。" : "修改时须全部重新填写，提交后原来的评价作废。";
  return [el("p", {}, `截止前可以修改，以最后一次提交为准。${how}`), el("div", { class: "v-actions" }, button("修改评价", change))];
}

export function receiptScreen(app) {
  const { tracker, own, answers } = app.record.state;
  const kept = answers ? "填写的内容加密保留在本机，截止后打开本页即清除。" : "填写的内容已从本机清除。";
  return el(
    "section",
    { class: "v-screen" },
    el("h1", {}, "评价已提交"),
    el("p", {}, `感谢您参与营商环境评价。${kept}`),
    tracker && receipt(tracker),
    own && app.transport.mayChange && changing(app),
    tracker && app.trackersUrl && el("div", { class: "v-actions" }, button("查询回执", () => app.go("trackers"))),
    el("p", { class: "v-hint" }, own ? "清除本机记录后不能再修改。" : "本机没有保留投票码，不能再修改。请记下回执码，清除后交还设备。"),
    el("div", { class: "v-actions" }, button("清除本机记录", () => app.leave())),
  );
}
