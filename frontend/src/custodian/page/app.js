// Which screen is shown, what it must not lose, and what it must not leave behind.
import { el, refill } from "../../dom.js";
import { Left } from "../left.js";
import { checkScreen } from "./check.js";
import { countScreen } from "./count.js";
import { createScreen } from "./create.js";
import { licencesScreen } from "./licences.js";
import { button } from "./parts.js";
import { rehearseScreen } from "./rehearse.js";
import { restoreScreen } from "./restore.js";
import { startScreen } from "./start.js";

const screens = {
  start: startScreen,
  create: createScreen,
  rehearse: rehearseScreen,
  count: countScreen,
  check: checkScreen,
  restore: restoreScreen,
  licences: licencesScreen,
};

class App {
  constructor(root) {
    this.root = root;
    this.screen = new AbortController();
    window.addEventListener("beforeunload", (event) => {
      if (!this.unsaved) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  open(name) {
    if (this.unsaved && !window.confirm(this.unsaved)) return;
    this.forget();
    this.screen = new AbortController();
    const content = screens[name](this);
    const back = name !== "start" && el("p", { class: "back" }, button("返回首页", () => this.open("start")));
    refill(this.root, ...[back, content].filter(Boolean));
    window.scrollTo(0, 0);
    this.head(this.root.querySelector("h1"));
  }

  /** Whoever listens to the page or uses the keyboard alone begins with what is new. */
  head(heading) {
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
  }

  /** Of the screen that is open now: aborted when it is left. Whoever waits asks it again afterwards. */
  get signal() {
    return this.screen.signal;
  }

  /** A private key is wiped when its screen goes, at the latest; `signal` is that screen's. */
  holds(privateKey, signal) {
    const wipe = () => privateKey.fill(0);
    if (signal.aborted) {
      wipe();
      throw new Left();
    }
    signal.addEventListener("abort", wipe);
    return privateKey;
  }

  forget() {
    this.screen.abort();
    this.unsaved = "";
  }
}

export function start(root) {
  new App(root).open("start");
}
