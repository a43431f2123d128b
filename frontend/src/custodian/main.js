// One script, twice: in the window it shows the screens, in a worker it opens ballots and stretches passphrases.
import { start } from "./page/app.js";
import { unfoldInPrint } from "./page/unfold.js";
import { serve } from "./worker.js";

if (typeof document === "undefined") serve(self);
else {
  unfoldInPrint();
  start(document.getElementById("custodian"));
}
