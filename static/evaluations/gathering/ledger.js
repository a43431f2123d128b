// Shows while somebody types what the entry would cost; without this script the entry's own page says it.
const form = document.querySelector("form[data-cost]");
const panel = document.querySelector("[data-cost-shown]");
const asked = ["department", "item", "day", "count", "title", "practice", "veto", "again_reason"];
let waiting = 0;
let latest = 0;

const show = ({ lines, warnings }) => {
  const list = panel.querySelector("ul");
  list.replaceChildren(
    ...[...warnings.map((text) => [text, "fault"]), ...lines.map((text) => [text, ""])].map(([text, kind]) => {
      const line = document.createElement("li");
      line.textContent = text;
      line.className = kind;
      return line;
    }),
  );
  panel.hidden = !list.children.length;
};

const ask = async () => {
  const number = ++latest;
  const query = new URLSearchParams();
  for (const name of asked) {
    const field = form.elements.namedItem(name); // a plain look-up finds the collection's own `item`
    if (field) query.set(name, field.value);
  }
  try {
    const answer = await fetch(`${form.dataset.cost}?${query}`, { credentials: "same-origin" });
    const told = answer.ok ? await answer.json() : { lines: [], warnings: [] };
    if (number === latest) show(told); // a slow answer does not overwrite a newer one
  } catch {
    panel.hidden = true; // no connection: the page works without
  }
};

if (form && panel) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
  if (form.elements.namedItem("department").value) ask();
}
