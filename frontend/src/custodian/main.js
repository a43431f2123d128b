// One script, twice: in the window it shows the screens, in a worker it opens ballots and stretches passphrases.
import "../older.js";
import { start } from "./page/app.js";
import { keepDropped } from "./page/dropped.js";
import { unfoldInPrint } from "./page/unfold.js";
import { serve } from "./worker.js";

if (typeof document === "undefined") serve(self);
else {
  keepDropped();
  unfoldInPrint();
  start(document.getElementById("custodian"));
}
