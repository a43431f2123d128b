// What the command line says and refuses around the count (surveys/ballots/tally.py).
import { equal } from "../bytes.js";
import { unexplained } from "./control.js";
import { controls } from "./controls.js";
import { countsFile } from "./counting.js";
import { fromB64 } from "./encoding.js";
import { NONE, explanationOf } from "./explanations.js";
import { Fault } from "./fault.js";
import { publicKey } from "./keyfile.js";
import { REASONS } from "./sealing.js";
import { fits } from "./signing.js";

const EXPLAINABLE = "可以说明的，由纪检监察人员在“核对情况”中说明后导出，计票时选用（命令行用 --explanations）。";
const ANOTHER_KEY = "这把密钥不是本次评价的计票密钥，请换用与公钥识别码相符的密钥文件。";
const ANOTHER_SIGNER = "计票包所列的签名公钥不出自这把计票密钥，可能被调换，请封存计票包并查明原因。";
const SHOWN = 10;

/**
 * Throws Fault before the first ballot is opened, for a changed bundle or an unexplained control; → {said}: the
 * explanations of the others, and what nobody counted.
 */
export async function checkBeforeOpening(bundle, given = NONE, progress = () => {}) {
  const changed = await bundle.faults(progress);
  const found = changed.length ? [] : await controls(bundle, progress);
  const broken = unexplained(found, given);
  if (changed.length || broken.length) {
    const more = broken.some((one) => one.explainable) ? [EXPLAINABLE] : [];
    throw new Fault([...changed, ...broken.map((each) => `核对不成立：${each.said}。`), ...more].join("\n"));
  }
  const said = found.flatMap((control) => {
    const one = explanationOf(given, control);
    if (one) return [`核对不成立，已由具名人员说明：${one}`];
    return control.uncounted ? [`未清点：${control.said}`] : [];
  });
  return { said };
}

/** Throws Fault unless the private key is the survey's. */
export function fittingKey(bundle, privateKey) {
  if (!equal(publicKey(privateKey), fromB64(bundle.public.tally_key))) throw new Fault(ANOTHER_KEY);
  if (!fits(privateKey, bundle.public)) throw new Fault(ANOTHER_SIGNER);
}

/** The counts of all ballots as `sign` signs them; throws Fault where one was forged. */
export async function finished(bundle, count, sign, least) {
  if (count.forged.length) {
    const listed = count.forged.slice(0, SHOWN).map((tracker) => tracker.slice(0, 16));
    throw new Fault(`票箱中有${count.forged.length}张选票的签名不成立（回执码${listed.join("、")}），请先查明原因。`);
  }
  return sign(countsFile(bundle, count, least));
}

/** The lines that the command prints in the end; `out` is the name of the file. */
export function report(counts, out = "counts.json") {
  const reasons = [...counts.spoiled];
  const spoiled = reasons.reduce((sum, [, number]) => sum + number, 0);
  const { paper, packets } = counts;
  return [
    `共${counts.ballots}张选票，有效${counts.ballots - spoiled}张，废票${spoiled}张。`,
    ...(packets
      ? [`另有纸质票${packets}份（测评表${paper.sheets}张，其中废票${paper.spoiled}张），已合并计票。`]
      : []),
    ...reasons.map(([reason, number]) => `　废票：${REASONS[reason]}，${number}张`),
    ...counts.strata.map((group) => `　${group.name}：有效${group.counted}张`),
    `计票结果${"signature" in counts ? "已签名，" : ""}已写入 ${out}，请交纪检监察机关导入。`,
  ];
}
