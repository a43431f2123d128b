// 开始: what this file is, how to check it, whether this browser will do, and what there is to do.
import { el, refill } from "../../dom.js";
import { abilities } from "./ability.js";
import { button, numbered } from "./parts.js";

const WORK = [
  ["开评前", "create", "一　生成计票密钥", "甲、乙两人在场。需要纸、笔和打印机，约10分钟。"],
  ["", "rehearse", "二　开箱演练", "需要密钥文件、口令和评价中心给出的演练口令。"],
  ["截止后", "count", "三　计票", "需要计票包、密钥文件和口令，或者恢复单。"],
  ["公布前后", "check", "四　核验", "需要核验包或者公开核验包，任何人都可以核验。"],
  ["密钥文件损坏或忘记口令时", "restore", "五　凭恢复单重建密钥", "需要恢复单，甲、乙两人共同启封。"],
];

const OTHER = "请右键点击本文件，选“打开方式”，用 Microsoft Edge 打开；用 360 浏览器的，切换到“极速模式”；仍然不成的，换一台计算机。";

async function judge(place, list) {
  const found = await abilities();
  const lacking = found.filter((one) => !one.has);
  const stops = lacking.some((one) => one.needed);
  refill(
    place,
    stops
      ? el("p", { class: "fault" }, `这个浏览器不能使用。${OTHER}`)
      : el("p", { class: "good" }, "经检查，这个浏览器可以使用。"),
    ...lacking.map((one) => el("p", { class: "note" }, `没有${one.name}：${one.otherwise}`)),
  );
  refill(
    list,
    ...found.map(({ has, name, otherwise }) =>
      el("li", { class: has ? "able" : "lacks" }, has ? name : `${name}：${otherwise}`),
    ),
  );
}

function howToCheck() {
  return el(
    "details",
    { class: "box" },
    el("summary", {}, "怎样核对本文件没有被改动"),
    numbered(
      "在 Windows 中打开本文件所在的文件夹，在地址栏输入 cmd，按回车键。",
      ["输入以下命令，按回车键：", el("code", { class: "line" }, "certutil -hashfile custodian.html SHA256")],
      [
        "把显示的64位字符与评价网站“保管人页面”一页（网址末尾为 /custodian/，开评之前就有）、保管人手册所印的“保管人页面 SHA-256”逐位对照。",
        "两处都相同，才可以使用；把这64位抄下，本轮以后各次与所抄的对照。",
        "有一位不同的，不要使用，向同级纪检监察机关的技术部门和评价中心分别查明来源。",
      ],
    ),
    el(
      "p",
      { class: "hint" },
      ["Linux 的命令为 ", el("code", {}, "sha256sum custodian.html"), "，macOS 为 ", el("code", {}, "shasum -a 256 custodian.html"), "。"],
      "本文件不能自己证明自己，所以用操作系统的命令核对。",
    ),
  );
}

export function startScreen(app) {
  const verdict = el("div", { role: "status" }, el("p", { class: "note" }, "正在检查这个浏览器。"));
  const list = el("ul", { class: "marks" });
  judge(verdict, list);
  return el(
    "div",
    {},
    el("h1", {}, "请选择要办理的事项"),
    el(
      "p",
      { class: "lead" },
      "本页是一个独立的文件，供纪检监察机关的两名计票密钥保管人使用，也供社会核验结果。它不联网，也不在计算机里留下任何内容；要留存的文件，由您自己保存。",
    ),
    verdict,
    el(
      "div",
      { class: "works" },
      WORK.map(([when, name, title, needs]) => [
        when && el("h2", { class: "when" }, when),
        el(
          "button",
          { type: "button", class: "work", onclick: () => app.open(name) },
          el("strong", {}, title),
          el("span", {}, needs),
        ),
      ]),
    ),
    howToCheck(),
    el("details", { class: "box" }, el("summary", {}, "这个浏览器的检查结果"), list),
    el("p", { class: "back" }, button("许可", () => app.open("licences"))),
  );
}
