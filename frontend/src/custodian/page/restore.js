// 五 凭恢复单重建密钥
import { el } from "../../dom.js";
import * as keyfile from "../keyfile.js";
import { ready } from "../sodium.js";
import { recoveryFields } from "./key.js";
import { keep } from "./keeping.js";
import { form } from "./parts.js";

export function restoreScreen(app) {
  const { signal } = app;
  const lines = recoveryFields();
  const place = el(
    "div",
    {},
    el("p", {}, "口令遗失或密钥文件损坏时，由甲、乙两人共同启封恢复单，重新写出密钥文件。重建后使用新的口令，公钥识别码不变。只为计票的，不必重建，在“三　计票”中直接输入恢复单即可。"),
    form(
      "重建密钥",
      async () => {
        await ready();
        const privateKey = app.holds(keyfile.fromRecovery(lines.typed()), signal);
        lines.empty();
        keep(app, place, privateKey, false);
      },
      lines.node,
    ),
  );
  return el("div", {}, el("h1", {}, "五　凭恢复单重建密钥"), place);
}
