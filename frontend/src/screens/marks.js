// One mark for a unit: a tap on a whole number, steps between them, and no mark at all.
import { button, el, refill } from "../dom.js";
import { answerAt } from "../form.js";

const isWhole = (word) => word.indexOf(".") < 0;

/** The marks that a panel may give, said once: 0—10分，以0.5分为单位. */
export const rangeOf = ({ words, step }) => `${words[words.length - 1]}—${words[0]}分${step === "1" ? "" : `，以${step}分为单位`}`;

export function marking(app, cell, onchange) {
  const { panel } = app;
  const { draft } = app.record;
  const rising = panel.words.slice().reverse();
  const name = `v-${cell.subject}`;
  const output = el("output", { class: "v-mark" });
  const word = () => answerAt(draft.answers, cell);
  const give = (wanted) => {
    if (wanted === undefined) delete draft.answers[cell.subject];
    else draft.answers[cell.subject] = { [cell.question.id]: wanted };
    if (!draft.chosen.includes(cell.department.id)) draft.chosen = [...draft.chosen, cell.department.id];
    app.keep();
    refresh();
  };
  const chips = rising.filter(isWhole).map((mark) => {
    const radio = el("input", { type: "radio", name, value: mark, onchange: () => give(mark) });
    return { mark, radio, node: el("label", { class: "v-choice" }, radio, el("span", { class: "v-face" }, mark)) };
  });
  const move = (by) => {
    const at = rising.indexOf(word());
    give(rising[Math.max(0, Math.min(rising.length - 1, at < 0 ? rising.length - 1 : at + by))]);
  };
  const less = button(`减${panel.step}`, () => move(-1));
  const more = button(`加${panel.step}`, () => move(1));
  const none = button("不评这个单位", () => give(undefined));
  const fine = panel.words.some((mark) => !isWhole(mark));
  function refresh() {
    const now = word();
    refill(output, document.createTextNode(now === undefined ? "未评" : `${now}分`));
    chips.forEach(({ mark, radio }) => (radio.checked = mark === now));
    less.disabled = now === undefined || now === rising[0];
    more.disabled = now === undefined || now === panel.words[0];
    none.disabled = now === undefined;
    onchange();
  }
  refresh();
  output.setAttribute("aria-live", "polite");
  return el(
    "fieldset",
    { class: "v-question" },
    el("legend", {}, `${panel.name}（${rangeOf(panel)}）`),
    el("div", { class: "v-marks" }, chips.map(({ node }) => node)),
    el("div", { class: "v-steps" }, fine && less, output, fine && more),
    el("div", { class: "v-actions" }, none),
  );
}
