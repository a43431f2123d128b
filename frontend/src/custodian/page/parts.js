// What the screens are made of: fields, steps, files to save, work that takes time, and what went wrong.
import { el, refill } from "../../dom.js";
import { Fault } from "../fault.js";
import { Left, stay } from "../left.js";

export const button = (label, onclick, kind = "plain") =>
  el("button", { type: "button", class: `button ${kind}`, onclick }, label);

/** Seconds after which the pace is known. */
const SURE = 10;

let fields = 0;
const nextId = () => `field-${(fields += 1)}`;

const plain = { autocomplete: "off", autocapitalize: "characters", spellcheck: "false" };

export function textField(label, hint = "", props = {}) {
  const id = nextId();
  const input = el("input", { id, type: "text", ...plain, "aria-describedby": hint && `${id}-hint`, ...props });
  return { input, node: el("div", { class: "field" }, el("label", { for: id }, label), hintOf(id, hint), input) };
}

export function areaField(label, hint = "") {
  const id = nextId();
  const input = el("textarea", { id, rows: "4", ...plain, "aria-describedby": hint && `${id}-hint` });
  return { input, node: el("div", { class: "field" }, el("label", { for: id }, label), hintOf(id, hint), input) };
}

/** Covered by style, not by type: browsers offer to keep what stands in a field for passwords. */
export function passphraseField(label = "口令") {
  const field = textField(label, "大小写、空格和连字符不影响。", { class: "covered" });
  const id = nextId();
  const shown = el("input", {
    id,
    type: "checkbox",
    onchange: () => field.input.classList.toggle("covered", !shown.checked),
  });
  field.node.appendChild(el("p", { class: "tick" }, shown, el("label", { for: id }, "显示输入的内容")));
  return field;
}

export function fileField(label, hint = "", accept = "") {
  const id = nextId();
  const input = el("input", { id, type: "file", accept: accept || null, "aria-describedby": hint && `${id}-hint` });
  return { input, node: el("div", { class: "field" }, el("label", { for: id }, label), hintOf(id, hint), input) };
}

export function tick(label, onchange) {
  const id = nextId();
  const input = el("input", { id, type: "checkbox", onchange: () => onchange(input.checked) });
  return el("p", { class: "tick" }, input, el("label", { for: id }, label));
}

const hintOf = (id, hint) => hint && el("p", { class: "hint", id: `${id}-hint` }, hint);

export const chosen = (field, what) => {
  const file = field.input.files[0];
  if (!file) throw new Fault(`请先选择${what}。`);
  return file;
};

/** Submitting by Enter or by the button; what is refused stands above the button. */
export function form(label, act, ...children) {
  const said = el("div", { class: "said", "aria-live": "assertive" });
  const submit = el("button", { type: "submit", class: "button main" }, label);
  const buttons = el("p", { class: "actions" }, submit);
  const node = el("form", { novalidate: true, autocomplete: "off" }, children, said, buttons);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    refill(said);
    try {
      await act(said);
    } catch (problem) {
      if (!(problem instanceof Left)) refill(said, fault(problem));
    }
    submit.disabled = false;
    if (said.firstChild && document.activeElement === document.body) submit.focus(); // it lost it by being disabled
  });
  return node;
}

export function fault(problem) {
  if (problem instanceof Fault) return el("p", { class: "fault" }, problem.message);
  return el(
    "p",
    { class: "fault" },
    "本页出现故障，没有写出任何文件。请关闭后重新打开本文件再试；仍然不成的，请把下面这一行抄给技术人员。",
    el("br"),
    el("code", {}, String((problem && problem.message) || problem)),
  );
}

/** Lets the screen show what is being done before the calculating begins. */
export const paint = () => new Promise((done) => setTimeout(done, 30));

/**
 * Work that takes time, with how far it is. `screen`: the signal of the screen that waits; `cancel`: what is said of
 * work that can be stopped by a button. `act` gets a signal for both; whatever it found is not shown after either.
 */
export async function working(place, label, act, { screen, cancel = "", unit = "" }) {
  const bar = el("progress", { max: "1", "aria-label": label });
  const far = el("span", { class: "far" });
  const stop = new AbortController();
  const end = () => stop.abort();
  const stopping = cancel && button("取消", end);
  const goOn = () => {
    stay(screen);
    if (stop.signal.aborted) throw new Fault(cancel);
  };
  const node = el("div", { class: "working", role: "status" }, el("p", {}, label, "　", far), bar, stopping);
  place.appendChild(node);
  screen.addEventListener("abort", end);
  let [began, last] = [Date.now(), 0];
  const progress = (done, total) => {
    if (done < last) began = Date.now(); // the next part of the work
    last = done;
    bar.max = Math.max(1, total);
    bar.value = done;
    far.textContent = farOf(done, total, unit) + left(began, done, total);
  };
  try {
    await paint();
    goOn();
    const found = await act(progress, stop.signal);
    goOn();
    return found;
  } catch (problem) {
    goOn(); // what ended the work outdoes what it said in the end
    throw problem;
  } finally {
    screen.removeEventListener("abort", end);
    node.remove();
  }
}

const farOf = (done, total, unit) =>
  unit ? `${done}／${total}${unit}` : `${Math.floor((100 * done) / Math.max(1, total))}%`;

/** Said once it can be known, and only where there is something to wait for. */
function left(began, done, total) {
  const passed = (Date.now() - began) / 1000;
  if (passed < SURE || !done) return "";
  const minutes = Math.ceil(((passed / done) * (total - done)) / 60);
  return minutes > 1 ? `，约还需${minutes}分钟` : "";
}

/** Hands a file to the browser, which asks where to keep it or puts it among the downloads. */
export function save(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: address, download: name });
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60 * 1000);
}

/** One of several steps; the heading is where the reader goes on. */
export function step(app, place, number, of, title, ...children) {
  const heading = el("h2", {}, `第${number}步，共${of}步：${title}`);
  refill(place, heading, ...children.filter(Boolean));
  app.head(heading);
  window.scrollTo(0, 0);
}

/** What is copied by hand, in its groups of four; only what is public (`open`) may be printed. */
export function secret(text, kind = "") {
  const groups = text.split(" ").map((group, place) => [place > 0 && " ", el("span", {}, group)]);
  return el("p", { class: `secret ${kind}` }, groups);
}

export const numbered = (...lines) => el("ol", {}, lines.map((line) => el("li", {}, line)));
