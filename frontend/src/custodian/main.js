// One script, twice: in the window it shows the screens, in a worker it opens ballots and stretches passphrases.
import "../older.js";
import { start } from "./page/app.js";
import { serve } from "./worker.js";

if (typeof document === "undefined") serve(self);
else start(document.getElementById("custodian"));
