// The first script of the page, in the oldest JavaScript: whoever holds too old a phone is told what to do.
// It has to run where nothing else here can even be read, so build.mjs refuses anything newer than ES5.
(function () {
  var root = document.getElementById("ballot");
  if (!root) return;
  if (typeof globalThis === "undefined") window.globalThis = window;

  function lacking() {
    var missing = [];
    if (typeof BigInt !== "function") missing.push("大数运算");
    if (!window.crypto || typeof window.crypto.getRandomValues !== "function") missing.push("安全随机数");
    if (typeof fetch !== "function" || typeof TextEncoder !== "function" || typeof Promise !== "function") missing.push("网络请求");
    return missing;
  }

  function add(tag, text) {
    var node = document.createElement(tag);
    node.appendChild(document.createTextNode(text));
    root.appendChild(node);
  }

  /** Without its id the page's program does not find the place, and does nothing. */
  function say(missing) {
    var what = missing.length ? "（缺少" + missing.join("、") + "）" : "";
    root.removeAttribute("id");
    root.className = "v-page";
    root.setAttribute("role", "alert");
    while (root.firstChild) root.removeChild(root.firstChild);
    add("h1", "这部手机暂时不能评价");
    add("p", "当前浏览器版本过低，不能保护无记名评价" + what + "。没有提交任何内容，您的凭条没有使用，仍然有效。");
    add("p", "请换用手机自带的浏览器扫码，或升级微信、换一部手机后再扫码；也可以凭这张凭条向现场工作人员换取纸质票。");
  }

  var missing = lacking();
  if (missing.length) say(missing);
  else {
    // A browser that has all this and still cannot read our program; what an app puts into the page is not ours.
    window.addEventListener("error", function (event) {
      if (/\/ballot\//.test(event.filename || "") && document.getElementById("ballot") === root && root.className !== "v-page") say([]);
    });
  }
})();
