// The controls of a bundle as a list: each with its sentence, its mark and, where it was explained, by whom.
import { el } from "../../dom.js";
import { day, explanationOf } from "../explanations.js";
import { withDates } from "./dates.js";

const kindOf = (control, one) => {
  if (one) return "explained";
  if (control.uncounted) return "uncounted";
  return control.holds ? "holds" : "broken";
};

function row(control, one) {
  return el(
    "li",
    { class: kindOf(control, one) },
    control.said,
    one && el("p", { class: "hint" }, withDates(`说明：${one.text}（${one.by}，${day(one.on)}）`)),
  );
}

/** What does not hold comes first; a long list that holds is folded. */
export function controlsList(found, given) {
  const rows = found.map((control) => ({ control, one: explanationOf(given, control) }));
  const first = rows.filter(({ control, one }) => !control.holds || control.uncounted || one);
  const rest = rows.filter((each) => !first.includes(each));
  return [
    first.length > 0 && el("ul", { class: "marks" }, first.map(({ control, one }) => row(control, one))),
    el(
      "details",
      { class: "box", open: rest.length <= 12 },
      el("summary", {}, first.length ? `其余${rest.length}项成立` : `${rest.length}项核对全部成立`),
      el("ul", { class: "marks" }, rest.map(({ control }) => row(control))),
    ),
  ];
}
