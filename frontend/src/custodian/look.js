// Looks at a bundle in a worker: what a large box leaves in memory while it is looked at goes with the worker.
import { openBundle } from "./bundle.js";
import { controls } from "./controls.js";

/** → {changed, found}: a sentence for every changed file, else the controls. `port` hears how far it is. */
export async function look(blob, port) {
  const bundle = await openBundle(blob);
  const changed = await bundle.faults((done, total) => port.postMessage([done, total]));
  return { changed, found: changed.length ? [] : await controls(bundle) };
}
