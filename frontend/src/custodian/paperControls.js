// Controls between exchanged slips, packets and sheets of paper (surveys/ballots/paper_controls.py).
import { control } from "./control.js";
import { sheets } from "./forms.js";
import { numbersOf } from "./paper.js";
import { byCodePoint, entriesOf } from "./python.js";

/**
 * Packets = slips exchanged, per key; sheets of a department ≤ packets, per group of strata. None if nobody exchanged
 * a slip and the bundle has no paper. None of these can be explained away.
 */
export async function paperControls(bundle, slips) {
  const exchanged = new Map(bundle.keyIds.map((key) => [key, 0]));
  const onPaper = slips.filter((row) => row.state === "paper");
  for (const row of onPaper) {
    const { key } = bundle.batches[row.batch];
    exchanged.set(key, exchanged.get(key) + 1);
  }
  const numbers = await numbersOf(bundle);
  if (!onPaper.length && numbers === null) return [];
  if (numbers === null) return [control("paper_missing", `换领纸质票${onPaper.length}份，计票包中有纸质票`, false)];
  const names = new Map(bundle.public.keys.map((key) => [key.id, key.stratum]));
  const perKey = entriesOf(numbers.packets).sort((one, other) => byCodePoint(one[0], other[0]));
  return [
    ...perKey.map(([key, packets]) => {
      const said = `${names.get(key)}：纸质票${packets}份，等于换领纸质票的凭条${exchanged.get(key)}张`;
      return control(`paper_packets:${key}`, said, packets === exchanged.get(key));
    }),
    ...numbers.groups.map((group) => ofGroup(group, numbers.packets, names, bundle.public.form)),
  ];
}

function ofGroup(group, packetsOf, names, form) {
  const departments = new Map(sheets(form).map((one) => [one.id, one.name]));
  const packets = group.keys.reduce((sum, key) => sum + packetsOf[key], 0);
  const many = entriesOf(group.sheets)
    .filter(([department, number]) => number > packets || !departments.has(department))
    .map(([id, number]) => `${departments.has(id) ? departments.get(id) : id}${number}张`);
  const strata = group.keys.map((key) => names.get(key)).join("、");
  const said = `${strata}：各单位的测评表都不多于纸质票${packets}份`;
  const details = many.length ? `（不符：${many.join("、")}）` : "";
  return control(`paper_sheets:${group.keys.join("+")}`, said + details, !many.length);
}
