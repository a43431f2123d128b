// Ticks or clears all boxes of a list; without this script each box is ticked by itself.
const bar = document.querySelector("[data-tick-all]");
const boxes = document.querySelectorAll(".ticks input[type=checkbox]");
const count = () => {
  bar.querySelector("output").value = [...boxes].filter((box) => box.checked).length;
};
if (bar) {
  bar.hidden = false;
  for (const button of bar.querySelectorAll("[data-tick]")) {
    button.addEventListener("click", () => {
      const yes = button.dataset.tick === "yes"; // units of no group of the scheme are ticked one by one
      for (const box of boxes) box.checked = yes && !box.closest("[data-others]");
      count();
    });
  }
  for (const box of boxes) box.addEventListener("change", count);
  count(); // boxes may have been ticked before this script ran
}
