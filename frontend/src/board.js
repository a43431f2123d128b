// The public board: a voter looks up the receipt without a slip at hand.
import { lookUp } from "./trackers.js";

const form = document.getElementById("look-up");
if (form) {
  const said = document.getElementById("look-up-said");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "正在查询。";
    try {
      said.textContent = await lookUp(form.dataset.list, form.elements.tracker.value);
    } catch (refusal) {
      said.textContent = refusal.message;
    }
  });
}
