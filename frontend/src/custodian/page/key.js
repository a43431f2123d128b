// How the private key is brought: as a file with its passphrase, or typed from the recovery sheet.
import { el, refill } from "../../dom.js";
import { Fault } from "../fault.js";
import * as keyfile from "../keyfile.js";
import { stay } from "../left.js";
import { parse } from "../python.js";
import { ready } from "../sodium.js";
import { asked } from "./script.js";
import { chosen, fileField, passphraseField, textField } from "./parts.js";

export function recoveryFields() {
  const lines = [1, 2, 3, 4].map((number) => textField(`第${number}行`, "", { class: "mono" }));
  return {
    node: el(
      "fieldset",
      {},
      el("legend", {}, "恢复单上的恢复码"),
      el("p", { class: "hint" }, "每行14位，大小写、空格和连字符不影响。"),
      lines.map((line) => line.node),
    ),
    typed: () => lines.map((line) => line.input.value),
    empty: () => lines.forEach((line) => (line.input.value = "")),
  };
}

async function read(file) {
  try {
    return parse(new Uint8Array(await file.arrayBuffer()));
  } catch (problem) {
    throw new Fault("无法读取密钥文件，请选取 tally-key.json 原件。");
  }
}

/** The key file and its passphrase; `take` empties the field whatever comes of it. `signal`: the screen's. */
export function keyFields() {
  const file = fileField("密钥文件 tally-key.json", "", ".json");
  const words = passphraseField();
  return {
    node: el("div", {}, file.node, words.node),
    empty: () => (words.input.value = ""),
    async take(said, signal) {
      const given = chosen(file, "密钥文件");
      if (!words.input.value.trim()) throw new Fault("请输入口令。");
      refill(said, el("p", { class: "note" }, "正在用口令打开密钥，可能需要几秒至半分钟，请不要关闭。"));
      const typed = words.input.value;
      words.input.value = "";
      const content = await read(given);
      const privateKey = await asked(signal)("unlock", content, typed);
      refill(said);
      return privateKey;
    },
  };
}

/** Either of the two, chosen by the custodian. */
export function keyOrSheet() {
  const withFile = keyFields();
  const withSheet = recoveryFields();
  const place = el("div", {}, withFile.node);
  let way = "file";
  const pick = (value, label) =>
    el(
      "label",
      { class: "pick" },
      el("input", {
        type: "radio",
        name: "way",
        value,
        checked: value === way,
        onchange: () => {
          way = value;
          withFile.empty();
          withSheet.empty();
          refill(place, (way === "file" ? withFile : withSheet).node);
        },
      }),
      label,
    );
  const choice = el(
    "fieldset",
    {},
    el("legend", {}, "用什么打开"),
    pick("file", "密钥文件和口令"),
    pick("sheet", "恢复单（没有密钥文件或忘记口令）"),
  );
  return {
    node: el("div", {}, choice, place),
    async take(said, signal) {
      if (way === "file") return withFile.take(said, signal);
      await ready();
      stay(signal);
      const privateKey = keyfile.fromRecovery(withSheet.typed());
      withSheet.empty();
      return privateKey;
    },
  };
}
