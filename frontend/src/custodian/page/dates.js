// Days as they are read: 2026年11月30日, on one line.
import { el } from "../../dom.js";

const DAY = /([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)/;

export const dayOf = (moment) => `${moment.getFullYear()}年${moment.getMonth() + 1}月${moment.getDate()}日`;

/** A text as parts of an element. */
export const withDates = (text) =>
  text.split(DAY).map((part) => (DAY.test(part) ? el("span", { class: "day" }, part) : part));
