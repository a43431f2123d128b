// 二 开箱演练
import { el, refill } from "../../dom.js";
import { Fault } from "../fault.js";
import { stay } from "../left.js";
import { keyFields } from "./key.js";
import { asked } from "./script.js";
import { areaField, fileField, form, secret } from "./parts.js";

export function rehearseScreen(app) {
  const { signal } = app;
  const text = areaField("演练口令", "评价中心给出的一段字符，可以粘贴，也可以选取文件。");
  const file = fileField("或者选取演练口令文件", "", ".txt");
  const key = keyFields();
  const answered = el("div", { "aria-live": "polite" });
  file.input.addEventListener("change", async () => {
    if (file.input.files[0]) text.input.value = (await file.input.files[0].text()).trim();
  });
  return el(
    "div",
    {},
    el("h1", {}, "二　开箱演练"),
    el("p", { class: "lead" }, "开评前证明保管的密钥和口令届时能够开票。这里只解演练口令，不能打开选票。"),
    form(
      "解开演练口令",
      async (said) => {
        refill(answered);
        if (!text.input.value.trim()) throw new Fault("请先填写演练口令，或者选取演练口令文件。");
        const privateKey = app.holds(await key.take(said, signal), signal);
        try {
          const [answer, mark] = await asked(signal)("rehearse", text.input.value, privateKey);
          stay(signal);
          refill(answered, ...result(answer, mark));
          app.head(answered.querySelector("h2"));
        } finally {
          privateKey.fill(0);
        }
      },
      text.node,
      file.node,
      key.node,
    ),
    answered,
  );
}

const result = (answer, mark) => [
  el("h2", {}, "先核对公钥识别码"),
  secret(mark, "open"),
  el("p", { class: "warning" }, "须与票箱公示页所列的相同。不同的说明公钥被调换，不要告知答复，并查明原因。"),
  el("h2", {}, "再把演练答复告知评价中心"),
  secret(answer),
];
