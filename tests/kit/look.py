"""Looking at a page as a checker does: axe, words that nobody translated, and the width of the screen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"

# Preloading would bring style sheets in again, inline, against the pages' own content policy.
FAULTS = """axe.run({preload: false, resultTypes: ["violations"]}).then(found => found.violations.map(each =>
    `${each.id}: ${each.nodes.map(node => node.html.slice(0, 200)).join(" | ")}`))"""
# Words of the stock pages that nobody put into Chinese; codes and what stands in <code> are no words.
ENGLISH = r"""() => {
  const said = [];
  for (const each of document.querySelectorAll("body, body *:not(script, style, code, pre, code *, pre *)")) {
    for (const node of each.childNodes) if (node.nodeType === 3) said.push(node.data.trim());
    for (const name of ["alt", "title", "aria-label", "placeholder"])
      if (/^[A-Za-z ]+$/.test(each.getAttribute(name) || "")) said.push(`english ${each.getAttribute(name)}`);
  }
  return said.filter(each => /[A-Za-z]{3,} [a-z]{2,}|^(None|True|False|null|undefined)$/.test(each));
}"""
# Text under 13 px is read by nobody at arm's length; what lies in no box is not drawn.
TOO_SMALL = r"""() => {
  const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const each = walker.currentNode.parentElement, box = each.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(each).fontSize);
    if (walker.currentNode.data.trim() && box.width > 1 && box.height > 1 && size < 13)
      found.add(`${size} px: ${walker.currentNode.data.trim().slice(0, 20)}`);
  }
  return [...found];
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Look:
    """Open pages on a phone and at a desk and note what is wrong with them, so that one run tells all."""

    def __init__(self, *pages: Page) -> None:
        self.pages = pages
        self.faults: list[str] = []

    def at(self, *paths: str) -> None:
        for page in self.pages:
            for path in paths:
                page.goto(path)
                self.here(page, path)

    def as_elders_and_on_paper(self, *paths: str) -> None:
        """The same pages in 长者版 on the first of the screens, and as they are printed."""
        page = self.pages[0]
        for path in paths:
            page.goto(path)
            page.evaluate("document.documentElement.classList.add('elder')")
            self.here(page, f"{path} in big type")
            page.evaluate("document.documentElement.classList.remove('elder')")
            page.emulate_media(media="print")
            found = page.evaluate(f"{AXE.read_text()};{FAULTS}")
            self.faults += [f"{path} on paper: {fault}" for fault in found]
            page.emulate_media(media="screen")

    def here(self, page: Page, name: str) -> None:
        """Unfold everything, then look."""
        page.wait_for_load_state()
        page.evaluate("document.querySelectorAll('main details').forEach(each => (each.open = true))")
        found = page.evaluate(f"{AXE.read_text()};{FAULTS}")
        where = f"{name} at {page.viewport_size}"
        self.faults += [f"{where}: {fault}" for fault in found]
        self.faults += [f"{where}: English: {words}" for words in page.evaluate(ENGLISH)]
        self.faults += [f"{where}: {small}" for small in page.evaluate(TOO_SMALL)]
        if wide := page.evaluate(TOO_WIDE):
            self.faults.append(f"{where}: runs {wide} px over the side")
