// The script as a worker: {call, given} comes, {value}, {fault} or {broken} goes.
import { calls } from "./calls.js";
import { Fault } from "./fault.js";
import { ready } from "./sodium.js";

export function serve(scope) {
  scope.onmessage = async ({ data }) => {
    try {
      await ready();
      scope.postMessage({ value: await calls[data.call](...data.given) });
    } catch (error) {
      scope.postMessage(error instanceof Fault ? { fault: error.message } : { broken: String(error) });
    }
  };
}
