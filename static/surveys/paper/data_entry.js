// Keying paper ballots without a mouse: number, code, one key for each row, Enter. A sheet is sent as
// a whole; until the server has it, it stays on the screen.
(function () {
  "use strict";
  const form = document.getElementById("keying");
  if (!form) return;
  const { number, code, marks, matter, suggestion } = form.elements;
  const said = document.getElementById("said");
  const table = document.getElementById("rows");
  const which = document.getElementById("which");
  const place = document.getElementById("place");
  const mine = document.getElementById("mine");
  const BLANK = "0";
  const DOUBLE = "9";
  const SPOILED = "*";
  const NO_MARK = "-";
  const UNREADABLE = "x";
  const NO_ANSWER = "没有连上服务器，已填内容仍在屏幕上，没有丢失。请稍候再按一次回车键。";
  const SIGN_IN = "登录已失效或没有权限，已填内容仍在屏幕上。请在另一个标签页重新登录后再按回车键。";
  let known = null;
  let sheet = null;
  let busy = false;

  function say(text, kind) {
    said.textContent = text;
    said.className = kind ? "said " + kind : "said";
  }

  const digits = (text) => text.normalize("NFKC").replace(/[^0-9]/g, "");

  async function ask(address, options) {
    let answer;
    try {
      answer = await fetch(address, { credentials: "same-origin", redirect: "manual", ...options });
    } catch (problem) {
      return { refused: NO_ANSWER };
    }
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (answer.ok || answer.status === 422) return isJson ? answer.json() : { refused: NO_ANSWER };
    if (answer.status === 403 || answer.type === "opaqueredirect") return { refused: SIGN_IN };
    return { refused: NO_ANSWER };
  }

  /** One thing at a time: a second Enter while the first is on its way does nothing. */
  async function alone(work) {
    if (busy) return;
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
    }
  }

  /** One key for each row: a digit for a word, or a mark as it stands on the paper. */
  function typed() {
    const text = marks.value.normalize("NFKC").toLowerCase();
    if (!sheet || !sheet.marks) return [...text];
    return text.split(/[\s,、]+/).filter(Boolean);
  }

  const blank = () => (sheet.marks ? NO_MARK : BLANK);

  /** What the server reads: digits stand side by side, marks between commas. */
  function sent(keys) {
    const all = [...keys];
    while (all.length < sheet.rows.length) all.push(blank());
    return all.join(sheet.marks ? "," : "");
  }

  function isSpoiled() {
    return typed().some((key) => key === SPOILED || key === "s");
  }

  function markOf(key) {
    if (key === NO_MARK) return ["未填", ""];
    if (key === UNREADABLE) return ["不是一个分数", ""];
    return sheet.marks.includes(key) ? [key + "分", ""] : ["没有这个分数", ""];
  }

  function wordOf(key) {
    if (key === undefined) return ["", ""];
    if (sheet.marks) return markOf(key);
    if (key === BLANK) return ["未填", ""];
    if (key === DOUBLE) return ["多选", ""];
    const word = known.words[Number(key) - 1];
    return word ? [word.word, word.tone] : ["没有这一档", ""];
  }

  function cell(row, text) {
    row.insertCell().textContent = text;
  }

  function lay() {
    const body = table.tBodies[0];
    body.replaceChildren();
    sheet.rows.forEach(([of, who, post, about], at) => {
      const row = body.insertRow();
      cell(row, String(at + 1));
      cell(row, of);
      cell(row, post ? who + "（" + post + "）" : who);
      cell(row, about);
      row.insertCell();
    });
    which.textContent = sheet.stratum + "　" + sheet.name;
    table.hidden = false;
    show();
  }

  function show() {
    if (!sheet) return;
    const keys = typed();
    const spoiled = isSpoiled();
    [...table.tBodies[0].rows].forEach((row, at) => {
      const [word, tone] = spoiled ? ["废票", ""] : wordOf(keys[at]);
      const mark = document.createElement("span");
      mark.className = tone ? "tone " + tone : "";
      row.cells[4].replaceChildren(mark, word);
      row.className = !spoiled && at === keys.length ? "here" : "";
    });
    place.textContent = spoiled ? "整张废票" : keys.length + "／" + sheet.rows.length;
    const here = table.querySelector(".here");
    if (here) here.scrollIntoView({ block: "nearest" });
  }

  function clear() {
    for (const field of [number, marks, matter, suggestion]) field.value = "";
    sheet = null;
    table.hidden = true;
    place.textContent = "";
    number.focus();
  }

  async function takeNumber() {
    const answer = await ask(form.dataset.sheet + "?number=" + encodeURIComponent(number.value));
    if (answer.refused) {
      say(answer.refused, "wrong");
      number.select();
      return;
    }
    number.value = String(answer.number);
    say("请核对表号，按回车键。");
    code.focus();
    code.select();
  }

  function takeCode() {
    const found = known.codes[digits(code.value)];
    if (!found) {
      say("没有表号“" + code.value + "”，请对照测评表上的表号重新输入。不是本次测评表的，请交评价中心。", "wrong");
      code.select();
      return;
    }
    code.value = digits(code.value);
    const [stratum, at] = found;
    sheet = { stratum, marks: known.marks[stratum], ...known.departments[at] };
    lay();
    say("请核对单位和姓名，逐项录入：" + stratum + "　" + sheet.name + "。");
    marks.focus();
  }

  async function save() {
    if (!digits(number.value) || !sheet) {
      say("请先输入编号和表号。", "wrong");
      number.focus();
      return;
    }
    const spoiled = isSpoiled();
    const keys = typed();
    if (!spoiled && keys.length > sheet.rows.length) {
      say("多录了" + (keys.length - sheet.rows.length) + "项，请核对后删去。", "wrong");
      marks.focus();
      return;
    }
    // The token of the page is void once its user has signed in again in another tab.
    const now = await ask(form.dataset.token);
    if (now.refused || !now.ready) {
      say(now.refused || SIGN_IN, "wrong");
      return;
    }
    const answer = await ask(form.dataset.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": now.token },
      body: JSON.stringify({
        number: number.value,
        code: code.value,
        kind: spoiled ? "spoiled" : "valid",
        marks: spoiled ? "" : sent(keys),
        matter: matter.value,
        suggestion: suggestion.value,
      }),
    });
    if (answer.refused) {
      say(answer.refused, "wrong");
      return;
    }
    mine.textContent = String(Number(mine.textContent) + 1);
    const kept = number.value;
    clear();
    say("编号" + kept + "已保存。请录下一张。", "kept");
  }

  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      clear();
      say("已放弃这一张，没有保存。请输入编号。");
    } else if (event.key === "Enter") {
      event.preventDefault();
      const step = event.target === number ? takeNumber : event.target === code ? takeCode : save;
      alone(step);
    }
  });
  code.addEventListener("input", () => {
    sheet = null;
    table.hidden = true;
  });
  marks.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());

  alone(async () => {
    const answer = await ask(form.dataset.form);
    if (answer.refused) say(answer.refused, "wrong");
    else known = answer;
    number.focus();
  });
})();
