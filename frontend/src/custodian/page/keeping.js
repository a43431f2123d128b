// A private key becomes files and paper: passphrase written down and typed, files saved and looked at, sheet printed.
import { el, refill } from "../../dom.js";
import { Fault } from "../fault.js";
import { stay } from "../left.js";
import * as keyfile from "../keyfile.js";
import { asked } from "./script.js";
import { button, chosen, fileField, form, numbered, passphraseField, save, secret, step, tick } from "./parts.js";
import { paperSheet } from "./sheet.js";

const { KEY_FILE, PUBLIC_FILE } = keyfile;
const UNSAVED = "密钥还没有保存完毕，现在离开就作废了，须从头再来。确定离开吗？";

/** `sheet`: a new key also goes on paper; one that came from paper does not again. */
export function keep(app, place, privateKey, sheet) {
  const { signal } = app;
  app.unsaved = UNSAVED;
  const steps = sheet ? 4 : 3;
  const mark = keyfile.markOf(privateKey);
  let passphrase = keyfile.newPassphrase();

  const write = () =>
    step(
      app,
      place,
      1,
      steps,
      "抄写口令",
      el("p", {}, "请甲把下面的口令抄写在纸上。口令只显示这一次，本页和评价中心都不留存。"),
      secret(passphrase, "rows"),
      el("p", { class: "hint" }, "字母都是大写，没有数字0和1，也没有字母I、L、O。抄好后逐组读一遍。"),
      el("p", { class: "actions" }, button("已抄好，下一步", retype, "main")),
    );

  const retype = () => {
    const field = passphraseField("照抄写的纸输入口令");
    const again = button("再看一次口令", write);
    step(
      app,
      place,
      2,
      steps,
      "核对抄写的口令",
      form(
        "核对",
        async (said) => {
          if (keyfile.spoken(field.input.value) !== keyfile.spoken(passphrase)) {
            throw new Fault("与显示的口令不一致，请逐组核对抄写件。看不清的，点“再看一次口令”。");
          }
          field.input.value = "";
          refill(said, el("p", { class: "note" }, "正在用口令给密钥加密，可能需要几秒至半分钟，请不要关闭。"));
          const text = keyfile.keyFileText(await asked(signal)("lock", privateKey, passphrase));
          stay(signal);
          passphrase = "";
          files(text);
        },
        field.node,
      ),
      el("p", { class: "back" }, again),
    );
  };

  const files = (text) => {
    const field = fileField(`选中刚才保存的 ${KEY_FILE}`, "浏览器没有询问位置的，文件在“下载”文件夹中，请移到保管密钥的移动介质上，再从那里选取。");
    const seen = (kind) => (event) => event.currentTarget.classList.add(kind);
    const keySave = button(`保存密钥文件 ${KEY_FILE}`, (event) => {
      save(KEY_FILE, text, "application/json");
      seen("done")(event);
    });
    const publicSave = button(`保存公钥文件 ${PUBLIC_FILE}`, (event) => {
      save(PUBLIC_FILE, keyfile.publicFileText(privateKey), "text/plain");
      seen("done")(event);
    });
    step(
      app,
      place,
      3,
      steps,
      "保存文件",
      numbered(
        [el("p", {}, "密钥文件由保管人存放，不得交出，不得拷入联网的计算机。"), keySave],
        [el("p", {}, "公钥文件交评价中心。"), publicSave],
        "核对保存的密钥文件：",
      ),
      form(
        "核对文件",
        async () => {
          const kept = await chosen(field, `刚才保存的 ${KEY_FILE}`).text();
          stay(signal);
          if (kept !== text) throw new Fault("这不是刚才保存的密钥文件，请重新保存后再选取。");
          if (!publicSave.classList.contains("done")) throw new Fault(`请先保存公钥文件 ${PUBLIC_FILE}。`);
          if (sheet) print();
          else finish();
        },
        field.node,
      ),
    );
  };

  const print = () => {
    const paper = paperSheet(privateKey);
    document.body.appendChild(paper);
    document.body.classList.add("sheet-only");
    signal.addEventListener("abort", () => {
      paper.remove();
      document.body.classList.remove("sheet-only");
    });
    const done = button("完成", () => finish(), "main");
    done.disabled = true;
    const shown = el("div");
    const [show, hide] = ["没有打印机，在屏幕上显示后抄写", "抄好了，不再显示"];
    const onScreen = button(show, () => {
      onScreen.textContent = shown.hasChildNodes() ? show : hide;
      refill(shown, ...(shown.hasChildNodes() ? [] : [paper.cloneNode(true)]));
    });
    step(
      app,
      place,
      4,
      steps,
      "打印恢复单",
      el("p", {}, "口令遗失或密钥文件损坏时，凭恢复单可以重建密钥。持有恢复单的人可以打开全部选票，由乙装入信封密封，与口令分开存放。"),
      el("p", {}, "请用直接连接本机的打印机打印一份，不要选“另存为 PDF”，不要用联网的打印机。"),
      el(
        "p",
        { class: "actions" },
        button("打印恢复单", () => window.print(), "main"),
        onScreen,
      ),
      shown,
      tick("恢复单的四行恢复码清楚、齐全，已由乙装入信封", (on) => {
        done.disabled = !on;
      }),
      el("p", { class: "actions" }, done),
    );
  };

  const finish = () => {
    app.forget();
    const heading = el("h2", {}, sheet ? "密钥已经生成并保存" : "密钥已经重建并保存");
    refill(
      place,
      heading,
      el("p", {}, "公钥识别码（请抄下，交公钥文件时与评价中心当面或电话核对）："),
      secret(mark, "open"),
      numbered(
        "口令由甲保管，恢复单由乙保管，密钥文件存放在移动介质上。",
        `把公钥文件 ${PUBLIC_FILE} 交评价中心。`,
        "清空“下载”文件夹和回收站中的密钥文件。",
        "关闭浏览器，密钥才从计算机的内存中消失。",
        sheet ? "开评前，评价中心会请您作一次开箱演练。" : "计票时使用新的密钥文件和新的口令；公钥识别码应与原来的相同。",
      ),
    );
    app.head(heading);
    window.scrollTo(0, 0);
  };

  write();
}
