// What a verification says: the same words as the command line (surveys/ballots/findings.py).
import { ALPHABET } from "./encoding.js";
import { Fault } from "./fault.js";
import { fingerprint } from "./forms.js";
import { spoken } from "./keyfile.js";
import { strip } from "./whitespace.js";

const NO_TWINS = { length: 26, symbols: ALPHABET, allowed: "没有数字0和1，也没有字母I、L、O" };
const HEX = { length: 64, symbols: "0123456789ABCDEF", allowed: "只有数字和字母a至f" };
/** Values posted publicly: where, how long, and of which symbols. */
export const POSTED = [
  { key: "fp", name: "校验码", where: "凭条所印", ...NO_TWINS },
  { key: "code_root", name: "票码清单摘要", where: "开评前公布", ...HEX },
  { key: "tracker_root", name: "回执名单摘要", where: "截止时公布", ...HEX },
];
const MARKS = { wrong: "✗ ", explained: "※ ", proved: "✓ ", open: "— " };
const LIMITS = [
  "评价中心没有为未发出的凭条制造凭证（签发密钥由评价中心保管，只能以各批次数字约束）",
  "没有在截止前丢弃选票或回退修改（由评价人持回执码核对名单）",
  "评价人的手机和页面没有被动手脚",
  "文字意见的内容属实",
];

/** As it is compared: width, case, blanks and hyphens do not count; throws Fault where it cannot have been posted. */
function readOne({ name, length, symbols, allowed }, typed) {
  const value = Array.from(spoken(typed));
  if (value.length !== length) throw new Fault(`${name}应为${length}位，现为${value.length}位，请核对后重新输入。`);
  const strange = value.find((symbol) => !symbols.includes(symbol));
  if (strange) throw new Fault(`${name}中不会有“${strange}”（${allowed}），请核对后重新输入。`);
  return symbols === ALPHABET ? value.join("") : value.join("").toLowerCase();
}

/** What was typed, as it is compared; blank is not typed. */
export function readPosted(typed) {
  const given = POSTED.filter(({ key }) => key in typed && strip(typed[key]));
  return Object.fromEntries(given.map((one) => [one.key, readOne(one, typed[one.key])]));
}

/** What was proved, found wrong or explained, and what the bundle cannot prove. */
export class Findings {
  constructor() {
    Object.assign(this, { proved: [], wrong: [], explained: [], open: [] });
  }

  note(said, holds) {
    if (holds) this.proved.push(said);
    else this.wrong.push(`核对不成立：${said}`);
  }

  /**
   * `published`: fp, code_root, tracker_root as posted publicly, read by `readPosted`. What nobody copied before is
   * not shown, or it would be copied from here and compared with itself.
   */
  compare(publicPart, summary, published) {
    this.note("校验码与评价表、全部公钥相符", fingerprint(publicPart) === summary.fp);
    for (const { key, name, where } of POSTED) {
      const said = `${name}（${where}）与公布的一致`;
      if (!(key in published)) this.open.push(`${said}（没有提供公布的内容）`);
      else if (published[key] === summary[key]) this.proved.push(said);
      else this.note(`${said}（输入的是${published[key]}，包中所列是${summary[key]}，请先核对是否抄错）`, false);
    }
  }

  /** What no bundle proves. */
  admit(keyOnServer, paper) {
    this.open.push(...LIMITS);
    if (keyOnServer) this.open.push("截止前无人看过选票（计票密钥存放在服务器上，须信任服务器管理员）");
    if (paper) this.open.push("纸质票录入与纸面一致（由两人背靠背录入、第三人核定，纸质票封存备查）");
  }

  /** As the command line prints them; in a record each with its mark. */
  lines(areMarked = false) {
    const parts = [
      ["已经证明", "proved"],
      ["发现问题", "wrong"],
      ["有出入，已作说明", "explained"],
      ["不能证明", "open"],
    ];
    const numbered = (kind) =>
      this[kind].map((line, place) => `　${areMarked ? MARKS[kind] : ""}${place + 1}. ${line}`);
    const said = parts
      .filter(([, kind]) => this[kind].length)
      .flatMap(([title, kind]) => [`${title}：`, ...numbered(kind)]);
    return [...said, this.verdict()];
  }

  verdict() {
    const { wrong, explained, open } = this;
    if (wrong.length) return `发现${wrong.length}个问题，核验未通过。`;
    const more = explained.length ? `有出入、已作说明的${explained.length}项；` : "";
    return `没有发现问题；${more}另有${open.length}项不能证明。`;
  }
}
