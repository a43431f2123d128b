// One script, twice: in the window it shows the screens, in a worker it opens ballots and stretches passphrases.
import { start } from "./page/app.js";
import { serve } from "./worker.js";

if (typeof document === "undefined") serve(self);
else {
  keepDropped();
  start(document.getElementById("custodian"));
}

/** A file dropped beside its field would be opened in place of this page, and a new key be lost. */
function keepDropped() {
  const keep = (event) => {
    if (event.target instanceof Element && event.target.matches('input[type="file"]')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  };
  ["dragover", "drop"].forEach((name) => window.addEventListener(name, keep));
}
