// The first thing that runs: it must work in a browser too old for the rest.
import { el, refill } from "./dom.js";
import { lacking } from "./support.js";

const root = document.getElementById("ballot");
if (root) {
  const missing = lacking(window);
  if (missing.length) {
    refill(
      root,
      el(
        "section",
        { class: "v-screen", role: "alert" },
        el("h1", {}, "这部手机暂时不能评价"),
        el("p", {}, `当前浏览器缺少保护无记名评价所需的功能（${missing.join("、")}）。没有发送任何内容，您的投票凭条仍然有效。`),
        el("p", {}, "请换一部手机或升级微信后再扫码，也可以凭这张凭条向现场工作人员换取纸质票。"),
      ),
    );
  } else {
    // Loaded lazily so that nothing in it runs where BigInt is missing.
    import("./app.js").then(({ start }) => start(root));
  }
}
