// 四 核验: what a bundle or its public part proves by itself, for the inspectorate and for everybody else.
import { el, refill } from "../../dom.js";
import { Fault } from "../fault.js";
import { POSTED } from "../findings.js";
import { openEither, PublicPart, verifyPublic } from "../publicPart.js";
import { fittingKey } from "../tally.js";
import { verify } from "../verify.js";
import { keyOrSheet } from "./key.js";
import { chosen, fileField, form, step, textField, tick, working } from "./parts.js";
import { workerAddress } from "./script.js";

const LONG = 12;

export function checkScreen(app) {
  const file = fileField("核验包、计票包或公开核验包", "zip 文件，请先拷入本机硬盘。公开核验包从票箱公示页下载，人人可以核验。", ".zip");
  const posted = POSTED.map(([name, label]) => ({ name, ...textField(label, "", { class: "mono" }) }));
  const key = keyOrSheet();
  const withKey = el("div");
  let recounts = false;
  const place = el(
    "div",
    {},
    form(
      "核验",
      async (said) => {
        const blob = chosen(file, "要核验的文件");
        const opened = await openEither(blob);
        const privateKey = recounts ? app.holds(await key.take(said)) : null;
        try {
          const found = await findings(app, said, opened, { privateKey, published: typed(posted) });
          step(app, place, 2, 2, "核验结果", ...shown(found));
        } finally {
          if (privateKey) privateKey.fill(0);
        }
      },
      file.node,
      el("h2", {}, "事先留存的公布内容"),
      el("p", { class: "hint" }, "从凭条、票箱公示页或当时的公告抄来，没有的留空。不要从要核验的文件中抄，那样什么也证明不了。"),
      posted.map((one) => one.node),
      el("h2", {}, "重新计票"),
      tick("保管人在场，用计票密钥重新计票", (on) => {
        recounts = on;
        refill(withKey, ...(on ? [key.node] : []));
      }),
      withKey,
    ),
  );
  return el(
    "div",
    {},
    el("h1", {}, "四　核验"),
    el("p", { class: "lead" }, "核对文件有没有被改动、签名和各批次数字是否成立、与事先公布的是否一致。不需要密钥，不显示任何一张选票。"),
    place,
  );
}

function typed(posted) {
  const found = {};
  for (const { name, input } of posted) if (input.value.trim()) found[name] = input.value;
  return found;
}

async function findings(app, said, opened, { privateKey, published }) {
  if (opened instanceof PublicPart) {
    if (privateKey) throw new Fault("公开核验包不含选票，不能重新计票。请取消“用计票密钥重新计票”，或选取核验包。");
    return verifyPublic(opened, published);
  }
  if (privateKey) fittingKey(opened, privateKey);
  const stop = new AbortController();
  app.onLeaving(() => stop.abort());
  const work = (progress, signal) => {
    signal.addEventListener("abort", () => stop.abort());
    return verify(opened, { privateKey, published, ways: { script: workerAddress(), progress, signal: stop.signal } });
  };
  return working(said, "正在核验", work, { cancel: true });
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
    ? el("p", { class: "fault" }, `核验未通过，发现${found.wrong.length}个问题，列在下面。请封存原件，查明原因。`)
    : el("p", { class: "good" }, "核验通过，没有发现问题。哪些已经证明、哪些不能证明，列在下面。");
  return [
    verdict,
    ...part("发现问题", "broken", found.wrong),
    ...part("有出入，已作说明", "explained", found.explained),
    ...part("已经证明", "holds", found.proved),
    ...part("不能证明", "open", found.open),
  ];
}
