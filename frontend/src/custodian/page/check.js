// 四 核验: what a bundle proves by itself, or its public part, for the inspectorate and for everybody else.
import { el, refill } from "../../dom.js";
import { Fault } from "../fault.js";
import { POSTED, readPosted } from "../findings.js";
import { keysOf } from "../keyed.js";
import { stay } from "../left.js";
import { NOT_RECOUNTED, PublicPart, openEither, verifyPublic } from "../publicPart.js";
import { verify } from "../verify.js";
import { withDates } from "./dates.js";
import { keyOrSheet } from "./key.js";
import { button, chosen, fileField, form, save, step, textField, tick, working } from "./parts.js";
import { recordOf } from "./record.js";
import { asked, workerAddress } from "./script.js";

const FILE = "计票包或核验包";
const LONG = 12;
const CANCELLED = "已取消核验，没有得出结果，可以再次核验。";

export function checkScreen(app) {
  const { signal: screen } = app;
  const file = fileField(FILE, "zip 文件，请先拷入本机硬盘。票箱公示页上的公开核验包也可以。", ".zip");
  const posted = POSTED.map(fieldOf);
  const key = keyOrSheet();
  const [keyPlace, place] = [el("div"), el("div")];
  let withKey = false;
  const recount = tick("保管人在场，用计票密钥重新开票计票", (is) => {
    withKey = is;
    refill(keyPlace, ...(is ? [key.node] : []));
  });
  const check = async (said) => {
    const published = readPosted(typed(posted));
    const opened = await openEither(chosen(file, FILE));
    stay(screen);
    if (withKey && opened instanceof PublicPart) throw new Fault(NOT_RECOUNTED);
    const privateKey = withKey ? app.holds(await key.take(said, screen), screen) : null;
    try {
      if (privateKey) await asked(screen)("fit", keysOf(opened.public), privateKey);
      const work = (progress, signal) => look(opened, { privateKey, published, progress, signal });
      const found = await working(said, "正在核验", work, { screen, cancel: CANCELLED });
      const seen = seenOf(opened, found, published, withKey);
      step(app, place, 2, 2, "核验结果", ...shown(found, seen, () => back(app, place, asking)));
    } finally {
      if (privateKey) privateKey.fill(0);
    }
  };
  const hint = "从凭条、票箱公示页或当时的公告抄来，没有的留空。不要从计票包中抄，那样什么也证明不了。";
  const asking = form(
    "核验",
    check,
    file.node,
    el("h2", {}, "事先留存的公布内容"),
    el("p", { class: "hint" }, hint),
    posted.map((one) => one.node),
    el("h2", {}, "重新计票（可以不选）"),
    recount,
    keyPlace,
  );
  place.appendChild(asking);
  const lead =
    "核对计票包有没有被改动、每张选票的签名和各批次数字是否成立、与事先公布的是否一致。" +
    "不需要密钥；有密钥的，可以重新计票。本页不显示任何一张选票，也不重新评分。";
  return el("div", {}, el("h1", {}, "四　核验"), el("p", { class: "lead" }, lead), place);
}

const fieldOf = ({ key, name, where, length }) => {
  const hint = `${length}位，大小写、空格和连字符不影响。`;
  return { key, ...textField(`${name}（${where}）`, hint, { class: "mono" }) };
};

const typed = (posted) => Object.fromEntries(posted.map(({ key, input }) => [key, input.value]));

/** The file and what was typed are still there; the passphrase is not. */
function back(app, place, asking) {
  refill(place, asking);
  app.head(place.parentNode.querySelector("h1"));
  window.scrollTo(0, 0);
}

async function look(opened, { privateKey, published, progress, signal }) {
  if (opened instanceof PublicPart) return verifyPublic(opened, published);
  const seen = (done, total) => {
    stay(signal);
    progress(done, total);
  };
  const ways = { script: workerAddress(), progress: seen, signal, asked: asked(signal) };
  return verify(opened, { privateKey, published, ways });
}

function part(title, kind, lines) {
  if (!lines.length) return [];
  const list = el("ul", { class: "marks" }, lines.map((line) => el("li", { class: kind }, withDates(line))));
  const long = kind === "holds" && lines.length > LONG;
  return [
    el("h3", {}, `${title}（${lines.length}项）`),
    long ? el("details", { class: "box" }, el("summary", {}, "逐项列出"), list) : list,
  ];
}

/** Of what was verified, how far, and against what. */
function seenOf(opened, found, published, isRecounted) {
  const isPart = opened instanceof PublicPart;
  return {
    title: opened.public.form.title,
    survey: opened.public.survey,
    kind: isPart ? "公开核验包，出自计票包" : "计票包摘要",
    hash: isPart ? opened.summary.bundle : opened.hash,
    ballots: isPart ? opened.summary.ballots : opened.size,
    published,
    isRecounted,
  };
}

function shown(found, seen, again) {
  const record = () => save("核验记录.txt", recordOf(found, seen, new Date()), "text/plain");
  const verdict = found.wrong.length
    ? el("p", { class: "fault" }, `${found.verdict()}请先核对输入的内容，再封存原件，查明原因。`)
    : el("p", { class: "good" }, `${found.verdict()}逐项列在下面。`);
  return [
    verdict,
    el("p", { class: "hint" }, `${seen.title}（${seen.survey}），选票${seen.ballots}张`),
    el("p", { class: "hint" }, `${seen.kind} `, el("code", {}, seen.hash), "　须与票箱公示页所列、事先抄下的相同。"),
    ...part("发现问题", "broken", found.wrong),
    ...part("有出入，已作说明", "explained", found.explained),
    ...part("已经证明", "holds", found.proved),
    ...part("不能证明", "open", found.open),
    el("p", { class: "actions" }, button("保存核验记录", record), button("返回修改", again)),
  ];
}
