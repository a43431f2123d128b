// 三 计票: check the bundle, open and count it, show what a person must see, hand over the counts.
import { el, refill } from "../../dom.js";
import { openBundle } from "../bundle.js";
import { unexplained } from "../control.js";
import { countsText } from "../counting.js";
import * as explanations from "../explanations.js";
import { Fault } from "../fault.js";
import { fromB64 } from "../encoding.js";
import { keysOf } from "../keyed.js";
import { publicMark } from "../keyfile.js";
import { stay } from "../left.js";
import { CANCELLED, countInWorkers, lookInWorker } from "../pool.js";
import { ready } from "../sodium.js";
import { finished } from "../tally.js";
import { asked, workerAddress } from "./script.js";
import { controlsList } from "./controls.js";
import { keyOrSheet } from "./key.js";
import { button, chosen, fileField, form, save, step, working } from "./parts.js";
import { overview, whose } from "./overview.js";

const STEPS = 3;
const UNSAVED = "计票结果还没有保存，现在离开就须重新计票。确定离开吗？";
const AGAIN = "没有写出计票结果，计票包和密钥没有改动，可以再次计票。";

export function countScreen(app) {
  const place = el("div");
  const node = el("div", {}, el("h1", {}, "三　计票"), place);
  choose(app, place);
  return node;
}

function choose(app, place) {
  const { signal: screen } = app;
  const file = fileField("计票包", "评价中心交来的 zip 文件，请先拷入本机硬盘。", ".zip");
  refill(
    place,
    el("h2", {}, `第1步，共${STEPS}步：核对计票包`),
    el("p", { class: "lead" }, "先核对计票包有没有被改动、各批次数字是否相符，再开票。核对不需要密钥。"),
    form(
      "核对计票包",
      async (said) => {
        const blob = chosen(file, "计票包");
        await ready();
        const looked = await working(said, "正在核对计票包", (...how) => look(blob, ...how), { screen });
        checked(app, place, looked);
      },
      file.node,
    ),
  );
}

function again(app, place) {
  choose(app, place);
  app.head(place.querySelector("h2"));
}

async function look(blob, progress, signal) {
  const bundle = await openBundle(blob);
  const { changed, found, checked } = await lookInWorker(blob, { script: workerAddress(), progress, signal });
  if (changed.length) throw new Fault([...changed, AGAIN].join("\n"));
  bundle.hold(checked);
  return { blob, bundle, found };
}

/** Each control with its sentence; what blocks is explained by a file or not at all. */
function checked(app, place, { blob, bundle, found }, given = explanations.NONE) {
  const { signal: screen } = app;
  const broken = unexplained(found, given);
  const explainable = broken.some((one) => one.explainable);
  const file = fileField("核对说明文件", "纪检监察人员在工作台“核对情况”中署名说明后下载的 explanations.json。", ".json");
  step(
    app,
    place,
    1,
    STEPS,
    "核对计票包",
    el("p", { class: "good" }, "计票包各文件与清单一致，清单有票箱签名。"),
    whose(bundle, bundle.hash),
    el("p", { class: "hint" }, "计票包摘要须与票箱公示页所列的相同，不同的不是本轮的计票包。"),
    ...controlsList(found, given).filter(Boolean),
    broken.length > 0 && el("p", { class: "fault" }, `${broken.length}项核对不成立，查清之前不得计票。`),
    explainable &&
      form(
        "读取核对说明",
        async () => {
          const bytes = new Uint8Array(await chosen(file, "核对说明文件").arrayBuffer());
          stay(screen);
          checked(app, place, { blob, bundle, found }, explanations.read(bytes, bundle.survey));
        },
        el("p", {}, "有正当原因的，由纪检监察人员署名说明，保管人凭说明文件继续计票。"),
        file.node,
      ),
    el(
      "p",
      { class: "actions" },
      broken.length === 0 && button("下一步", () => open(app, place, { blob, bundle }), "main"),
      button("另选计票包", () => again(app, place)),
    ),
  );
}

const markOfSurvey = (publicPart) =>
  publicMark(...Object.values(keysOf(publicPart)).map((key) => fromB64(key, 32)));

function open(app, place, { blob, bundle }) {
  const { signal: screen } = app;
  const key = keyOrSheet();
  step(
    app,
    place,
    2,
    STEPS,
    "开票和计票",
    el("p", { class: "lead" }, "选票在本机打开，只计合计数，不显示也不保存任何一张选票。"),
    el("p", { class: "hint" }, `本次评价的公钥识别码：${markOfSurvey(bundle.public)}。须与生成密钥时记下的相同。`),
    form(
      "开始计票",
      async (said) => {
        const privateKey = app.holds(await key.take(said, screen), screen);
        try {
          await asked(screen)("fit", keysOf(bundle.public), privateKey);
          const work = (progress, signal) => opened({ blob, bundle, privateKey, progress, signal });
          const how = { screen, cancel: CANCELLED, unit: "张" };
          show(app, place, bundle, await working(said, "正在开票", work, how));
        } finally {
          privateKey.fill(0);
        }
      },
      key.node,
    ),
  );
}

/** The signed counts. What opens or signs is done in workers that end: nothing of the key remains in the window. */
async function opened({ blob, bundle, privateKey, progress, signal }) {
  const count = await countInWorkers(blob, bundle, privateKey, { script: workerAddress(), progress, signal });
  return finished(bundle, count, (counts) => asked(signal)("sign", keysOf(bundle.public), privateKey, counts));
}

/** Enough to compare with the board by eye, on the screen and in print. */
const endsOf = (hash) => `${hash.slice(0, 8)}……${hash.slice(-8)}`;

function show(app, place, bundle, counts) {
  const saved = button("保存计票结果 counts.json", (event) => {
    save("counts.json", countsText(counts), "application/json");
    app.unsaved = "";
    event.currentTarget.classList.add("done");
  }, "main");
  app.unsaved = UNSAVED;
  step(
    app,
    place,
    3,
    STEPS,
    "查看和保存计票结果",
    whose(bundle, endsOf(bundle.hash)),
    ...overview(bundle, counts),
    el("h3", {}, "计票结果交给谁"),
    el("p", {}, "counts.json 已用保管人的签名密钥签名，交纪检监察人员导入，不交评价中心经办人员。它只含合计数和打乱次序的意见，不含任何一张选票；改动其中任何一个数或一条意见，签名即不成立。"),
    el("p", { class: "actions" }, saved),
  );
}
