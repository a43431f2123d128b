// What a person must see of a count before it is handed over: totals, kinds, batches, paper, what is merged or void.
import { el } from "../../dom.js";
import { report } from "../tally.js";

const head = (text, place) => el("th", { scope: "col", class: place > 0 ? "number" : null }, text);
const cell = (text, place) => (place ? el("td", { class: "number" }, text) : el("th", { scope: "row" }, text));

const table = (caption, heads, rows, total) =>
  el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, heads.map(head))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell)))),
      total && el("tfoot", {}, el("tr", {}, total.map(cell))),
    ),
  );

const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

const titled = (title, survey) => (typeof title === "string" ? `${title}（${survey}）` : survey);

/** Of what survey and bundle. */
export const whose = (bundle, hash) =>
  el(
    "dl",
    { class: "facts" },
    fact("评价", titled(bundle.public.form.title, bundle.survey)),
    fact("计票包摘要", el("code", {}, hash)),
    fact("选票", `${bundle.size}张`),
  );

export function overview(bundle, counts) {
  return [
    el("p", { class: "good" }, report(counts).slice(0, -1).join("\n")),
    el("h3", {}, "各类评价主体"),
    table("各类评价主体", ["类别（票种）", "手机选票（张）"], keys(bundle)),
    ...merged(bundle, counts),
    el("h3", {}, "合并后的有效票"),
    table("合并后的有效票", ["类别", "有效", "其中纸质", "废票"], counts.strata.map(stratum), total(counts)),
    el("p", { class: "hint" }, addsUp(counts)),
    el("h3", {}, "各批次凭条"),
    table("各批次凭条", ["批次", "印制", "发出", "退回", "损毁"], bundle.batches.map(batch)),
  ];
}

function keys(bundle) {
  const { ballots } = bundle.manifest;
  return bundle.public.keys.map((key) => [`${key.stratum}（${key.id}）`, ballots[key.id] || 0]);
}

const stratum = (group) => [group.name, group.counted, group.packets || 0, group.spoiled];

const sum = (counts, name) => counts.strata.reduce((all, group) => all + (group[name] || 0), 0);

const total = (counts) => ["合计", ...["counted", "packets", "spoiled"].map((name) => sum(counts, name))];

function addsUp(counts) {
  const onPaper = counts.packets ? `＋纸质票${counts.packets}份` : "";
  return `有效${sum(counts, "counted")}＋废票${sum(counts, "spoiled")}＝手机选票${counts.ballots}张${onPaper}。`;
}

function batch(one) {
  const name = `${one.town}第${one.id}批${one.void ? "（已作废）" : ""}`;
  return [name, one.printed, "handed" in one ? one.handed : "未清点", one.returned, one.spoiled];
}

function merged(bundle, counts) {
  const groups = counts.strata.filter((group) => group.keys.length > 1);
  if (!groups.length) return [el("p", { class: "hint" }, "没有合并的类别。")];
  return groups.map((group) =>
    el("p", { class: "note" }, `${group.name}：有效票少于10张的，与其他类别合并统计，这是为了保护评价人，不是差错。`),
  );
}
