// 四 核验: what the bundle proves by itself, for the inspectorate and for everybody else.
import { el } from "../../dom.js";
import { openBundle } from "../bundle.js";
import { controls } from "../controls.js";
import { explanationOf, NONE, read } from "../explanations.js";
import { fingerprint } from "../forms.js";
import { ready } from "../sodium.js";
import { chosen, fileField, form, step, textField, working } from "./parts.js";

const EXPLANATIONS = "explanations.json";
const LONG = 12;
const POSTED = [
  ["fp", "校验码", "凭条所印"],
  ["code_root", "票码清单摘要", "开评前公布"],
  ["tracker_root", "回执名单摘要", "截止时公布"],
];

export function checkScreen(app) {
  const file = fileField("计票包或核验包", "zip 文件，请先拷入本机硬盘。", ".zip");
  const posted = POSTED.map(([name, label, when]) => {
    const said = `${label}（${when}）`;
    return { name, said, ...textField(said, "", { class: "mono" }) };
  });
  const place = el("div");
  place.appendChild(
    form(
      "核验",
      async (said) => {
        const blob = chosen(file, "计票包或核验包");
        await ready();
        const found = await working(said, "正在核验", async (progress) => look(await openBundle(blob), posted, progress));
        step(app, place, 2, 2, "核验结果", ...shown(found));
      },
      file.node,
      el("h2", {}, "事先留存的公布内容"),
      el("p", { class: "hint" }, "从凭条、票箱公示页或当时的公告抄来，没有的留空。不要从计票包中抄，那样什么也证明不了。"),
      posted.map((one) => one.node),
    ),
  );
  return el(
    "div",
    {},
    el("h1", {}, "四　核验"),
    el("p", { class: "lead" }, "核对计票包有没有被改动、各批次数字是否相符、与事先公布的是否一致。核验不需要密钥，不显示任何一张选票。"),
    place,
  );
}

async function look(bundle, posted, progress) {
  const found = { proved: [], wrong: await bundle.faults(progress), explained: [], open: [] };
  if (found.wrong.length) {
    found.open.push("其余各项（计票包已被改动，没有继续核验）");
    return found;
  }
  const note = (said, holds) => (holds ? found.proved : found.wrong).push(said);
  found.proved.push("计票包各文件与清单一致，清单有票箱签名");
  note("校验码与评价表、全部公钥相符", fingerprint(bundle.public) === bundle.manifest.fp);
  for (const { name, said, input } of posted) {
    const typed = input.value.replace(/\s/g, "");
    if (typed) note(`${said}与公布的一致`, typed.toLowerCase() === bundle.manifest[name].toLowerCase());
    else found.open.push(`${said}与公布的一致（没有提供公布的内容）：${bundle.manifest[name]}`);
  }
  const explained = bundle.has(EXPLANATIONS);
  const given = explained ? read(await bundle.read(EXPLANATIONS), bundle.survey) : NONE;
  for (const control of await controls(bundle, progress)) {
    const one = explanationOf(given, control);
    if (one) found.explained.push(String(one));
    else if (control.uncounted) found.open.push(control.said);
    else note(control.said, control.holds);
  }
  found.open.push("计票结果和文字意见与选票内容一致（须有计票密钥才能重新计票）", "得分、等次和推导（本页没有评分程序，由评价中心提供的核验程序重新评分）");
  return found;
}

function part(title, kind, lines) {
  if (!lines.length) return [];
  const list = el("ul", { class: "marks" }, lines.map((line) => el("li", { class: kind }, line)));
  const long = kind === "holds" && lines.length > LONG;
  return [
    el("h3", {}, `${title}（${lines.length}项）`),
    long ? el("details", { class: "box" }, el("summary", {}, "逐项列出"), list) : list,
  ];
}

function shown(found) {
  const verdict = found.wrong.length
    ? el("p", { class: "fault" }, `发现${found.wrong.length}个问题，列在下面。请封存原件，查明原因。`)
    : el("p", { class: "good" }, "没有发现问题。哪些已经证明、哪些不能证明，列在下面。");
  return [
    verdict,
    ...part("发现问题", "broken", found.wrong),
    ...part("有出入，已作说明", "explained", found.explained),
    ...part("已经证明", "holds", found.proved),
    ...part("不能证明", "open", found.open),
  ];
}
