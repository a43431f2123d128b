// The recovery sheet as it is printed: large enough to be typed from by somebody with glasses, one A4 page.
import { el } from "../../dom.js";
import * as keyfile from "../keyfile.js";

const BLANKS = ["评价轮次", "日期", "信封编号", "甲签名", "乙签名"];

/** What recoverySheet says, set for the eye; the recovery code in groups of four, its lines numbered. */
export function paperSheet(privateKey) {
  const [title, ...rest] = keyfile.recoverySheet(privateKey).trim().split("\n");
  const code = keyfile.recoveryLines(privateKey);
  const isCode = (line) => code.some((one) => line.endsWith(one));
  const [mark, head, ...said] = rest.filter((line) => line && !isCode(line));
  return el(
    "section",
    { class: "sheet", "aria-label": "恢复单" },
    el("p", { class: "title" }, title),
    el("p", {}, mark),
    el("p", {}, head, "。没有数字0和1，也没有字母I、L、O。"),
    code.map((line, place) => el("p", { class: "code" }, `${place + 1}　${line}`)),
    said.map((line) => el("p", {}, line)),
    el("dl", { class: "blanks" }, BLANKS.map((name) => el("div", {}, el("dt", {}, name), el("dd", {})))),
  );
}
