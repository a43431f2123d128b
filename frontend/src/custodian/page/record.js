// The record of a verification, to be printed, signed and filed.
import { POSTED } from "../findings.js";
import { dayOf } from "./dates.js";

const LINE = "＿＿＿＿＿＿＿＿";

/** `found`: Findings; `seen`: of what, how far and against what; `now`: the moment of saving, on this computer. */
export function recordOf(found, { title, survey, kind, hash, ballots, published, isRecounted }, now) {
  const typed = POSTED.filter(({ key }) => key in published);
  const lines = [
    "核验记录",
    "",
    `评价：${title}（${survey}）`,
    `${kind}：${hash}`,
    "（须与票箱公示页所列、事先抄下的相同）",
    `选票：${ballots}张`,
    typed.length ? "输入的公布内容：" : "输入的公布内容：没有",
    ...typed.map(({ key, name, where }) => `　${name}（${where}）：${published[key]}`),
    `重新计票：${isRecounted ? "已用计票密钥重新计票" : "没有"}`,
    `保存日期：${dayOf(now)}`,
    "",
    ...found.lines(true),
    "",
    `核验人（签名）：${LINE}　　日期：${LINE}`,
    `在场人（签名）：${LINE}　　日期：${LINE}`,
  ];
  return `${lines.join("\n")}\n`;
}
