/** Thrown where work goes on for a screen that was left; nobody is told. */
export class Left extends Error {}

/** Asked after every wait: `signal` is that of the screen. */
export function stay(signal) {
  if (signal.aborted) throw new Left();
}
