// Looks at a bundle in a worker: what a large box leaves in memory while it is looked at goes with the worker.
import { openBundle } from "./bundle.js";
import { controls } from "./controls.js";

/** → {changed, found, checked}: a sentence for every changed file, else the controls, and what Bundle.hold takes. */
export async function look(blob, port) {
  const bundle = await openBundle(blob);
  const changed = await bundle.faults((done, total) => port.postMessage([done, total]));
  return { changed, found: changed.length ? [] : await controls(bundle), checked: bundle.checked };
}
