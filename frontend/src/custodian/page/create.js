// 一 生成计票密钥
import { el } from "../../dom.js";
import * as keyfile from "../keyfile.js";
import { ready } from "../sodium.js";
import { keep } from "./keeping.js";
import { form, numbered } from "./parts.js";

export function createScreen(app) {
  const { signal } = app;
  const place = el(
    "div",
    {},
    el("p", {}, "生成的密钥是打开全部选票的唯一钥匙。请在甲、乙两名保管人都在场时办理，准备好纸、笔、打印机和一个信封。"),
    numbered("甲抄写口令，并照纸输入一遍。", "保存密钥文件和公钥文件，并核对保存的文件。", "打印恢复单，由乙装入信封密封。"),
    el("p", { class: "warning" }, "口令和恢复单同时遗失，本轮选票将永远无法打开。"),
    form("生成密钥", async () => {
      await ready();
      keep(app, place, app.holds(keyfile.newPrivateKey(), signal), true);
    }),
  );
  return el("div", {}, el("h1", {}, "一　生成计票密钥"), place);
}
