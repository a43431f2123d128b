// Asks for the form while the page's program is still on its way: on a slow line that is half a second.
import { askEarly } from "./http.js";
import { readFragment } from "./slip.js";
import { lacking } from "./support.js";

const root = document.getElementById("ballot");
// Too old a browser is told that nothing was sent, so nothing is.
const slip = root && !lacking(window).length ? readFragment(location.hash) : null;
if (slip) askEarly(root.dataset.formUrl.replace("{key}", encodeURIComponent(slip.key)));
