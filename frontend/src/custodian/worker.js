// The script as a worker: opens and counts the ranges of ballots that pool.js gives it, one after the other.
// {prepare: {blob, privateKey}} and {count: {first, number}} come; {ready}, {counted}, {fault}, {broken} go.
import { openBundle } from "./bundle.js";
import { Teller } from "./counting.js";
import { Fault } from "./fault.js";

export function serve(scope) {
  let bundle = null;
  let teller = null;

  async function prepare({ blob, privateKey }) {
    bundle = await openBundle(blob);
    teller = new Teller(bundle.public, privateKey);
    return { ready: true };
  }

  async function count({ first, number }) {
    const found = await teller.count(await bundle.ballotBytes(first, number));
    return { counted: { first, number, found: { ...found } } };
  }

  function forget() {
    if (teller && teller.privateKey) teller.privateKey.fill(0);
    return { forgotten: true };
  }

  async function answer({ data }) {
    try {
      const told = data.prepare ? await prepare(data.prepare) : data.count ? await count(data.count) : forget();
      const grids = told.counted ? [...told.counted.found.grids.values()].map((grid) => grid.buffer) : [];
      scope.postMessage(told, grids);
    } catch (error) {
      forget();
      scope.postMessage(error instanceof Fault ? { fault: error.message } : { broken: String(error) });
    }
  }

  scope.onmessage = answer;
}
