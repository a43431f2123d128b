// Ballots whose choices are marks (surveys/ballots/marks.py): each panel may give some of the form's marks only.
import { words } from "./forms.js";

const UNTOUCHED = 0;

export const givesMarks = (form) => Object.prototype.hasOwnProperty.call(form, "panels");

/** Map {key id: Set of the bytes that a cell of its ballots can have}; empty where the choices are no marks. */
export function allowed(publicPart) {
  const { form, keys } = publicPart;
  if (!givesMarks(form)) return new Map();
  const places = new Map(words(form).map((word, place) => [word, place + 1]));
  const unknown = form.choices.flatMap((choice, place) => (choice.unknown ? [place + 1] : []));
  const ofStratum = new Map(form.panels.map((panel) => [panel.stratum, panel.words.map((word) => places.get(word))]));
  return new Map(keys.map((key) => [key.id, new Set([UNTOUCHED, ...ofStratum.get(key.stratum), ...unknown])]));
}
