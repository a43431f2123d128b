// 许可: whose work this file contains.
import { el } from "../../dom.js";

export function licencesScreen() {
  const content = document.getElementById("licences").content.cloneNode(true);
  return el("div", {}, el("h1", {}, "许可"), el("p", { class: "lead" }, "本文件含有以下开放源代码的程序，版本和校验值由构建时的锁定文件固定。"), content);
}
