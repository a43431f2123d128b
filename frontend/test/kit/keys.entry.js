// The modules of the custodian's page as they run in a browser: in the window, and in a worker of the same text.
import { apart } from "../../src/custodian/apart.js";
import * as keyfile from "../../src/custodian/keyfile.js";
import * as sodium from "../../src/custodian/sodium.js";
import { serve } from "../../src/custodian/worker.js";

if (typeof document === "undefined") serve(self);
else {
  const script = URL.createObjectURL(new Blob([document.currentScript.textContent], { type: "text/javascript" }));
  window.keys = { ...sodium, ...keyfile, apart: (call, ...given) => apart(script, call, given) };
}
