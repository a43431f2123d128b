// Ctrl+Enter sends the main form of a queue; without this script Tab and Enter do the same.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form") ?? document.querySelector("form[data-main]");
  if (form?.matches("[data-main]")) form.requestSubmit();
});
document.querySelector("form[data-main] input[type=radio]:checked, form[data-main] input[type=radio]")?.focus();
