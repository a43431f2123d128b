// A mark sheet as a grid: arrow keys, a block pasted from a spreadsheet, sums, saving as typed. Without
// this script it is a plain form.
(function () {
  "use strict";
  const form = document.querySelector("[data-grid]");
  const table = form && form.querySelector("[data-marks]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    inputs: [...row.querySelectorAll("input")],
    sum: row.querySelector("[data-sum]"),
  }));
  const width = rows.length ? rows[0].inputs.length : 0;
  const said = form.querySelector("[data-said]");
  const zeros = form.querySelector("[data-zeros]");
  const way = form.querySelector("[data-one-by-one]");
  const OUT = "没有连上服务器，已填内容仍在屏幕上，没有丢失。";
  const AWAY = "登录已失效或没有权限，已填内容仍在屏幕上。请在另一个标签页重新登录。";
  const places = new Map();
  rows.forEach((line, at) => line.inputs.forEach((input, across) => places.set(input, [at, across])));

  const tidy = (text) => text.normalize("NFKC").trim().replace("。", ".");
  // Whole numbers of a millionth: 0.1 has no exact binary number.
  const units = (text) => Math.round(Number(text) * 1e6);

  function fault(input) {
    const text = tidy(input.value);
    if (!text) return "";
    if (!/^\d{1,6}(\.\d{1,6})?$/.test(text)) return "不是分数";
    if (units(text) > units(input.dataset.full)) return "超过满分" + input.dataset.full;
    const step = input.dataset.step;
    return step && units(text) % units(step) ? "不是" + step + "的倍数" : "";
  }

  function mark(input, why) {
    let note = input.parentNode.querySelector(".fault");
    if (!why) {
      input.removeAttribute("aria-invalid");
      if (note) note.remove();
      return;
    }
    input.setAttribute("aria-invalid", "true");
    if (!note) {
      note = document.createElement("span");
      note.className = "fault";
      input.parentNode.append(note);
    }
    note.textContent = why;
  }

  let filled = 0;
  let noughts = 0;
  const counted = new Map();
  function count(input) {
    const text = tidy(input.value);
    const now = [text && !fault(input) ? 1 : 0, text && units(text) === 0 ? 1 : 0];
    const before = counted.get(input) || [0, 0];
    filled += now[0] - before[0];
    noughts += now[1] - before[1];
    counted.set(input, now);
  }

  function add(line) {
    if (!line.sum) return;
    const texts = line.inputs.length
      ? line.inputs.map((input) => (fault(input) ? "" : tidy(input.value)))
      : [...line.row.cells].slice(1, -1).map((cell) => cell.textContent.trim().replace("—", ""));
    const some = texts.some((text) => text);
    line.sum.value = some ? String(texts.reduce((sum, text) => sum + units(text || "0"), 0) / 1e6) : "";
  }

  function tell() {
    const output = said && said.querySelector("[data-filled]");
    if (output) output.value = filled + "／" + rows.length * width;
    if (zeros) zeros.toggleAttribute("data-none", noughts === 0);
  }

  function say(text, bad) {
    if (!said) return;
    let note = said.querySelector("[data-note]");
    if (!note) {
      note = document.createElement("span");
      note.dataset.note = "";
      said.append(note);
    }
    note.textContent = text ? "　" + text : "";
    note.className = bad ? "fault" : "";
  }

  // --- Saving as typed: one request at a time, the cells that changed since the last one ---
  const address = form.dataset.save;
  const waiting = new Set();
  let timer = 0;
  let busy = false;
  let stopped = false;

  async function save() {
    if (busy || stopped || !waiting.size) return;
    const sent = [...waiting];
    const cells = {};
    for (const input of sent) cells[input.name] = input.value;
    waiting.clear();
    busy = true;
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify({ cells, seen: Number(form.elements.seen.value) }),
      });
    } catch (problem) {
      answer = null;
    }
    busy = false;
    const isJson = answer && (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (answer && answer.ok && isJson) {
      form.elements.seen.value = (await answer.json()).seen;
      say("已自动保存");
      if (waiting.size) later();
      return;
    }
    if (answer && answer.status === 422 && isJson) {
      stopped = true;
      say((await answer.json()).refused, true);
      return;
    }
    for (const input of sent) waiting.add(input);
    say(answer && (answer.status === 403 || answer.type === "opaqueredirect") ? AWAY : OUT, true);
    later(5000);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause || 800);
  }

  function changed(input) {
    const why = fault(input);
    mark(input, why);
    count(input);
    add(rows[places.get(input)[0]]);
    tell();
    if (!address) return;
    if (why) waiting.delete(input);
    else {
      waiting.add(input);
      later();
    }
  }

  table.addEventListener("input", (event) => changed(event.target));
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (address && waiting.size && !stopped) event.preventDefault();
  });

  // --- Keys and paste ---
  function go(at, across) {
    const line = rows[at];
    const input = line && line.inputs[across];
    if (!input) return false;
    if (way) show(at);
    input.focus();
    input.select();
    return true;
  }

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const place = places.get(event.target);
    if (!step || !place || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const { selectionStart, selectionEnd, value } = event.target;
    const whole = selectionStart === 0 && selectionEnd === value.length;
    if (event.key === "ArrowLeft" && !whole && selectionStart > 0) return;
    if (event.key === "ArrowRight" && !whole && selectionEnd < value.length) return;
    event.preventDefault();
    go(place[0] + step[0], place[1] + step[1]);
  });

  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const block = text.split("\n").map((line) => line.split("\t"));
    const [at, across] = places.get(event.target);
    const even = block.every((line) => line.length === block[0].length);
    if (!even || at + block.length > rows.length || across + block[0].length > width) {
      say(
        "粘贴的内容是" + block.length + "行" + block[0].length + "列，与从这一格起的" + (rows.length - at) + "行" +
          (width - across) + "列不符，没有粘贴。",
        true,
      );
      return;
    }
    const wrong = block.flatMap((line, down) =>
      line.filter((value, right) => {
        const input = rows[at + down].inputs[across + right];
        const probe = { value, dataset: input.dataset };
        return fault(probe);
      }),
    );
    if (wrong.length) {
      say("粘贴的内容有" + wrong.length + "处不是可用的分数（如“" + wrong[0].trim().slice(0, 12) + "”），没有粘贴。", true);
      return;
    }
    block.forEach((line, down) =>
      line.forEach((value, right) => {
        const input = rows[at + down].inputs[across + right];
        input.value = tidy(value);
        changed(input);
      }),
    );
    say("已粘贴" + block.length + "行" + block[0].length + "列");
  });

  // --- On a phone: one unit at a time ---
  let current = 0;
  function show(at) {
    if (!way || at < 0 || at >= rows.length) return;
    rows[current].row.classList.remove("current");
    current = at;
    rows[current].row.classList.add("current");
    way.querySelector("output").value = at + 1 + "／" + rows.length;
    way.querySelector('[data-go="-1"]').disabled = at === 0;
    way.querySelector('[data-go="1"]').disabled = at === rows.length - 1;
  }
  if (way && rows.length && width) {
    way.hidden = false;
    form.classList.add("one-by-one");
    for (const button of way.querySelectorAll("[data-go]")) {
      button.addEventListener("click", () => show(current + Number(button.dataset.go)));
    }
    const wrong = rows.findIndex((line) => line.inputs.some((input) => input.getAttribute("aria-invalid")));
    show(Math.max(0, wrong));
    table.addEventListener("focusin", (event) => {
      const place = places.get(event.target);
      if (place && place[0] !== current) show(place[0]);
    });
  }

  for (const line of rows) {
    line.inputs.forEach(count);
    add(line);
  }
  tell();
  // Not stored yet: what was typed before this script ran, and all of a sheet that came back refused.
  const refused = "refused" in form.dataset;
  for (const input of places.keys()) if (refused || input.value !== input.defaultValue) changed(input);
})();
