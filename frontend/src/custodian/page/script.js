import { apart } from "../apart.js";

/** The page's own text: a file opened from a disk can start workers from nothing else. */
const script = typeof document === "undefined" ? "" : document.currentScript.textContent;
let address = "";

/** A call of calls.js in a worker of its own, which ends with the screen. */
export const asked = (signal) => (call, ...given) => apart(workerAddress(), call, given, signal);

/** Where workers find the script. */
export function workerAddress() {
  if (!address) address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return address;
}
