// The window's keyboard: Enter moves on, Ctrl+Enter saves; what may be the same appears beside the form.
const form = document.getElementById("intake");
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
  button.focus();
}
if (form) {
  const beside = document.getElementById("likely");
  let asked = "";
  const look = async () => {
    if (form.querySelector(".decide")) return; // it is there already, to be decided
    const data = new FormData(form);
    data.delete("papers"); // what is the same is seen without sending them
    const signs = JSON.stringify(["text", "phone", "about", "asked_case_number"].map((name) => data.get(name)));
    if (signs === asked) return;
    asked = signs;
    const answer = await fetch(form.dataset.look, { method: "POST", body: data });
    if (answer.ok && signs === asked) beside.innerHTML = await answer.text();
  };
  form.addEventListener("change", () => look().catch(() => {})); // without a network the form still works
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.target.matches("input, select")) {
      event.preventDefault();
      const stops = [...form.querySelectorAll("input, select, textarea, button[type=submit]")];
      const rest = stops.slice(stops.indexOf(event.target) + 1);
      const group = event.target.type === "radio" ? event.target.name : null;
      rest.find((one) => one.type !== "hidden" && !one.disabled && (!group || one.name !== group))?.focus();
    }
  });
}
