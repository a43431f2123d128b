// What a verification says: the same words as the command line (surveys/ballots/findings.py).
import { withoutBlanks } from "./encoding.js";
import { fingerprint } from "./forms.js";

export const POSTED = [
  ["fp", "校验码（凭条所印）"],
  ["code_root", "票码清单摘要（开评前公布）"],
  ["tracker_root", "回执名单摘要（截止时公布）"],
];
const LIMITS = [
  "评价中心没有为未发出的凭条制造凭证（签发密钥由评价中心保管，只能以各批次数字约束）",
  "没有在截止前丢弃选票或回退修改（由评价人持回执码核对名单）",
  "评价人的手机和页面没有被动手脚",
  "文字意见的内容属实",
];

/** What was proved, found wrong or explained, and what the bundle cannot prove. */
export class Findings {
  constructor() {
    Object.assign(this, { proved: [], wrong: [], explained: [], open: [] });
  }

  note(said, holds) {
    (holds ? this.proved : this.wrong).push(said);
  }

  /** `published`: fp, code_root, tracker_root as posted publicly and copied by the reader. */
  compare(publicPart, summary, published) {
    this.note("校验码与评价表、全部公钥相符", fingerprint(publicPart) === summary.fp);
    for (const [name, label] of POSTED) {
      if (name in published) {
        const posted = withoutBlanks(published[name]);
        this.note(`${label}与公布的一致`, posted.toLowerCase() === summary[name].toLowerCase());
      } else this.open.push(`${label}与公布的一致（没有提供公布的内容）：${summary[name]}`);
    }
  }

  /** What no bundle proves. */
  admit(keyOnServer, paper) {
    this.open.push(...LIMITS);
    if (keyOnServer) this.open.push("截止前无人看过选票（计票密钥存放在服务器上，须信任服务器管理员）");
    if (paper) this.open.push("纸质票录入与纸面一致（由两人背靠背录入、第三人核定，纸质票封存备查）");
  }

  /** As the command line prints them. */
  lines() {
    const parts = [
      ["已经证明", this.proved],
      ["发现问题", this.wrong],
      ["有出入，已作说明", this.explained],
      ["不能证明", this.open],
    ];
    const said = parts
      .filter(([, found]) => found.length)
      .flatMap(([title, found]) => [`${title}：`, ...found.map((line, place) => `　${place + 1}. ${line}`)]);
    return [...said, this.wrong.length ? "核验未通过。" : "核验通过。"];
  }
}
