// One counting control (核对项), and which broken ones a named person may explain (surveys/ballots/control.py).

/** `explainable` and `uncounted` as in Python: numbers that may have an innocent reason; nothing to compare. */
export const control = (key, said, holds, { explainable = false, uncounted = false } = {}) => ({
  key,
  said,
  holds,
  explainable,
  uncounted,
});

/** The broken controls that still block the tally; other numbers than those explained need a new explanation. */
export const unexplained = (found, { explained }) =>
  found.filter((one) => !one.holds && !(one.explainable && explained.get(one.key) === one.said));
