// Asks for the form while the page's program is still on its way: on a slow line that is half a second.
import { askEarly } from "./http.js";
import { readFragment } from "./slip.js";

const root = document.getElementById("ballot");
const slip = root ? readFragment(location.hash) : null; // without a place in too old a browser (check.js)
if (slip) askEarly(root.dataset.formUrl.replace("{key}", encodeURIComponent(slip.key)));
