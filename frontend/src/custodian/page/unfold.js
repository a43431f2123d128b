// Paper cannot be unfolded: whatever is printed is printed open, and folded again after it.
export function unfoldInPrint() {
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    for (const each of folded) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of folded.splice(0)) each.open = false;
  });
}
