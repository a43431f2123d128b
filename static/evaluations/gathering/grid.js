// A grid filled in by keyboard: arrow keys and Enter move, a block from Excel is pasted as a whole or not at
// all, what cannot be right is marked at once. Only what was changed is sent. Without this script the page is
// a plain form, and the server checks the same again.
(function () {
  "use strict";
  const form = document.getElementById("grid");
  const table = form && form.querySelector("table.entries");
  if (!table) return;
  const rules = JSON.parse(document.getElementById("rules").textContent);
  const said = document.getElementById("said");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  const places = new Map();
  rows.forEach((cells, down) => cells.forEach((cell, across) => places.set(cell, [down, across])));
  const faulty = new Set();
  const stored = JSON.parse(form.elements.was.value);
  let sending = false;

  function isChanged(cell) {
    return cell.value !== (stored[cell.name] || "");
  }

  function say(text) {
    if (said.textContent !== text) said.textContent = text; // a page that stays as it is need not be drawn
  }

  /** Why a text cannot stand in a column; empty where it can. The server has the last word. */
  function faultOf(column, text) {
    const typed = text.normalize("NFKC").replace(/\s/g, "");
    const rule = rules[Number(column)];
    if (!typed || !rule) return "";
    if (rule.kind === "yesno") {
      const known = rule.yes.concat(rule.no);
      return known.includes(typed) || known.includes(text.trim()) ? "" : "请填是或否";
    }
    if (rule.kind === "tier") {
      const named = typed.replace(/^第/, "").replace(/方阵$/, "");
      const tier = "一二三四五六七八九十".indexOf(named) + 1 || Number(named);
      return Number.isInteger(tier) && tier >= 1 && tier <= rule.tiers ? "" : rule.range;
    }
    if (!/^\d{1,9}(\.\d{1,9})?$/.test(typed)) return rule.places ? "请填阿拉伯数字" : "请填整数";
    const decimals = (typed.split(".")[1] || "").replace(/0+$/, "").length;
    if (decimals > rule.places) return rule.places ? `最多 ${rule.places} 位小数` : "请填整数";
    const number = Number(typed);
    if (rule.only.length && !rule.only.includes(number)) return `只能填 ${rule.only.join("、")}`;
    if (number < rule.low || (rule.high !== null && number > rule.high)) return `${typed} 超出范围，${rule.range}`;
    return "";
  }

  function check(cell) {
    const why = faultOf(cell.dataset.column, cell.value);
    cell.classList.toggle("typed", isChanged(cell));
    if (why) {
      faulty.add(cell);
      cell.classList.add("faulty");
      cell.setAttribute("aria-invalid", "true");
    } else if (faulty.delete(cell) || cell.classList.contains("faulty")) {
      cell.classList.remove("faulty");
      cell.removeAttribute("aria-invalid");
    }
    return why;
  }

  function told(cell, why) {
    say(why ? `${cell.getAttribute("aria-label")}：${why}` : faulty.size ? `还有 ${faulty.size} 处需要改正` : "");
  }

  function go(down, across) {
    const cell = rows[down] && rows[down][across];
    if (!cell) return;
    cell.focus();
    cell.select();
  }

  table.addEventListener("input", (event) => told(event.target, check(event.target)));

  table.addEventListener("keydown", (event) => {
    const place = places.get(event.target);
    if (!place || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const [down, across] = place;
    const { value, selectionStart, selectionEnd } = event.target;
    const all = selectionStart === 0 && selectionEnd === value.length;
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] }[event.key];
    if (step) {
      event.preventDefault();
      go(down + step[0], across);
    } else if (event.key === "ArrowLeft" && (all || selectionEnd === 0)) {
      event.preventDefault();
      go(down, across - 1);
    } else if (event.key === "ArrowRight" && (all || selectionStart === value.length)) {
      event.preventDefault();
      go(down, across + 1);
    }
  });

  /** The cells of a block as a spreadsheet copies it: tabs, line ends, quotes around what holds either. */
  function blockOf(text) {
    const block = [[""]];
    let quoted = false;
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let at = 0; at < source.length; at += 1) {
      const sign = source[at];
      const line = block[block.length - 1];
      if (sign === '"' && (quoted || line[line.length - 1] === "")) {
        if (quoted && source[at + 1] === '"') {
          line[line.length - 1] += '"';
          at += 1;
        } else quoted = !quoted;
      } else if (sign === "\t" && !quoted) line.push("");
      else if (sign === "\n" && !quoted) block.push([""]);
      else line[line.length - 1] += sign === "\n" ? " " : sign;
    }
    return block;
  }

  table.addEventListener("paste", (event) => {
    const place = places.get(event.target);
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!place || !/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const block = blockOf(text);
    const [down, across] = place;
    const wide = block[0].length;
    const room = [rows.length - down, rows[down].length - across];
    if (block.some((line) => line.length !== wide)) {
      say("粘贴的内容各行列数不同，没有粘贴。请在 Excel 中选取一整块后重新复制。");
    } else if (block.length > room[0] || wide > room[1]) {
      say(`粘贴的内容有 ${block.length} 行 ${wide} 列，从这一格起只有 ${room[0]} 行 ${room[1]} 列，没有粘贴。请核对选取的范围。`);
    } else {
      block.forEach((line, below) =>
        line.forEach((value, right) => {
          const cell = rows[down + below][across + right];
          cell.value = value.trim();
          check(cell);
        })
      );
      say(`已粘贴 ${block.length} 行 ${wide} 列，尚未保存。${faulty.size ? `有 ${faulty.size} 处需要改正，已标红。` : ""}`);
    }
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.querySelector("button[value=save]").click();
    }
  });

  form.addEventListener("submit", (event) => {
    const first = rows.flat().find((cell) => faulty.has(cell));
    if (first) {
      event.preventDefault();
      first.focus();
      told(first, check(first));
      return;
    }
    sending = true;
    for (const cell of places.keys()) cell.disabled = !isChanged(cell);
  });

  // Back from the next page the cells can be typed in again.
  window.addEventListener("pageshow", () => {
    sending = false;
    for (const cell of places.keys()) cell.disabled = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && [...places.keys()].some(isChanged)) event.preventDefault();
  });

  // Typed before this script ran, or sent and refused.
  for (const cell of places.keys()) if (isChanged(cell)) check(cell);
  if (faulty.size) say(`还有 ${faulty.size} 处需要改正`);
})();
