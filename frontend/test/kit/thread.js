// The custodian's worker in a thread, which dies when it is told to.
import { parentPort } from "node:worker_threads";
import { serve } from "../../src/custodian/worker.js";

const scope = { postMessage: (data, moved) => parentPort.postMessage(data, moved) };
serve(scope);
parentPort.on("message", (data) => {
  if (data === "die") throw new Error("told to");
  scope.onmessage({ data });
});
