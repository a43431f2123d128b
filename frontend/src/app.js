// The voter's page: from a slip to a receipt. Screens draw; this file decides which comes next.
import { fingerprint } from "./canonical.js";
import { el, refill } from "./dom.js";
import { judgesUnits, panelOf } from "./form.js";
import { frame } from "./frame.js";
import { getJson, Refusal } from "./http.js";
import { Record } from "./record.js";
import { readFragment } from "./slip.js";
import { SealedTransport } from "./transport.js";
import { answersScreen } from "./screens/answers.js";
import { departmentsScreen } from "./screens/departments.js";
import { enterScreen } from "./screens/enter.js";
import { closedScreen, compareScreen, swappedScreen, troubleScreen, waitingScreen } from "./screens/notices.js";
import { receiptScreen } from "./screens/receipt.js";
import { reviewScreen } from "./screens/review.js";
import { startScreen } from "./screens/start.js";
import { unitScreen, unitsScreen } from "./screens/units.js";
import { trackersScreen } from "./screens/trackers.js";

const TAB = "sanliang.slip";
/** Lets the screen appear before the phone starts to calculate. */
const PAINT = 30;
/** A slip refused with one of these is of no further use on this phone. */
const SPENT = ["unknown_code", "unknown_key", "other_survey", "used", "paper", "void", "replaced"];
/** On a device that is not the voter's own, whoever is away that long has left it to the next. */
const IDLE = 10 * 60 * 1000;
const LOOK = 15 * 1000;
const AWAY = "10分钟没有操作，填写的内容已从本机清除。凭条仍可使用，请在这部手机的同一个应用中重新扫码填写。";

const screens = {
  departments: (app, place) => (judgesUnits(app.page.public.form) ? unitsScreen : departmentsScreen)(app, place),
  unit: unitScreen,
  answers: answersScreen,
  review: reviewScreen,
  receipt: receiptScreen,
  trackers: trackersScreen,
};

class App {
  constructor(root) {
    this.root = root;
    this.formUrl = root.dataset.formUrl;
    this.trackersUrl = root.dataset.trackersUrl || "";
    window.addEventListener("hashchange", () => location.hash.length > 1 && this.begin());
    window.addEventListener("popstate", (event) => this.back(event.state));
    window.addEventListener("pagehide", () => this.keep());
    this.watch();
  }

  /** Looks also when a screen lights up again, because a sleeping device runs no clock. */
  watch() {
    const touch = () => {
      this.rest();
      this.touched = Date.now();
    };
    for (const name of ["pointerdown", "touchstart", "keydown", "input"]) window.addEventListener(name, touch, true);
    document.addEventListener("visibilitychange", () => this.rest());
    setInterval(() => this.rest(), LOOK);
  }

  rest() {
    const { record } = this;
    if (!record || record.state.own || Date.now() - this.touched < IDLE) return;
    const isIn = record.state.tracker !== undefined;
    record.drop();
    record.wiped = true;
    this.forget();
    this.show(enterScreen(this, isIn ? "本机记录已清除。" : AWAY));
  }

  begin() {
    this.touched = Date.now();
    this.page = this.slip = this.record = this.transport = null;
    const slip = this.takeSlip();
    if (slip) this.open(slip);
    else this.show(enterScreen(this, location.hash.length > 1 ? "二维码内容不完整，请重新扫码，或输入凭条上的票种和投票码。" : ""));
  }

  /** The code leaves the address bar at once, so that neither history nor a shared link holds it. */
  takeSlip() {
    const scanned = readFragment(location.hash);
    try {
      if (scanned) {
        sessionStorage.setItem(TAB, JSON.stringify(scanned));
        history.replaceState(null, "", location.pathname);
      }
      return scanned || JSON.parse(sessionStorage.getItem(TAB) || "null");
    } catch (problem) {
      return scanned;
    }
  }

  async open(slip) {
    this.show(waitingScreen("正在打开评价表"));
    try {
      const page = await getJson(this.formUrl.replace("{key}", encodeURIComponent(slip.key)));
      // Only a typed code comes without a fingerprint; its voter compares it on the next screen.
      const matches = slip.fp ? fingerprint(page.public) === slip.fp : slip.typed;
      this.page = page;
      if (!matches) return this.show(swappedScreen(this));
      this.slip = slip;
      this.panel = panelOf(page, slip);
      this.remember(slip);
      this.record = new Record(slip.code, this.storage(), this.storage(["sessionStorage"]));
      if (!page.open) return this.closed();
      this.transport = new SealedTransport(page, slip, this.record);
      if (this.record.state.secret) await this.arrive();
      else if (slip.typed) this.show(compareScreen(this, () => this.begins()));
      else this.begins();
    } catch (problem) {
      this.refused(problem, () => this.open(slip));
    }
    return undefined;
  }

  /** Nothing is spent before the voter says so: whoever opened a slip only to look can vote elsewhere. */
  begins() {
    this.show(startScreen(this, () => this.arrive()));
  }

  /** What was kept for a change of mind is gone with the close; what was not handed in is said to be. */
  closed() {
    const { record } = this;
    let unsent = "";
    if (this.page.over) {
      if (record.unsent) unsent = record.state.tracker ? "修改的内容没有提交，以截止前最后一次提交的为准。" : "您填写的内容没有提交，已从本机清除。";
      record.drop();
    }
    this.record = null;
    this.show(closedScreen(this, unsent));
  }

  remember(slip) {
    try {
      sessionStorage.setItem(TAB, JSON.stringify(slip));
    } catch (problem) {
      // Without it a reload asks for the slip again; nothing is lost.
    }
  }

  /** The lasting storage; where a browser refuses that, the one that lasts as long as the tab. */
  storage(names = ["localStorage", "sessionStorage"]) {
    for (const name of names) {
      try {
        window[name].setItem("sanliang.try", "1");
        window[name].removeItem("sanliang.try");
        return window[name];
      } catch (problem) {
        continue;
      }
    }
    return null;
  }

  /** The slip is exchanged while the first screen is already being read; an error replaces it. */
  async arrive() {
    const { record } = this;
    if (record.state.tracker !== undefined && !record.state.draft) return this.go("receipt");
    this.go("departments");
    try {
      await new Promise((paint) => setTimeout(paint, PAINT));
      await this.transport.arrive();
    } catch (problem) {
      if (this.record === record) this.refused(problem, () => this.arrive());
    }
    return undefined;
  }

  /** Gives up a change of mind. */
  drop() {
    this.record.state.draft = undefined;
    this.record.state.pending = undefined;
    this.record.save();
    this.go("receipt");
  }

  /** On a device that is not the voter's own the code goes with the credential; the receipt stays on the screen. */
  handedIn() {
    if (!this.record.state.own) {
      this.slip = this.transport.slip = null;
      this.forgetTab();
    }
    this.go("receipt");
  }

  go(name, place = {}) {
    this.keep();
    this.place = { screen: name, ...place };
    history.pushState(this.place, "", location.pathname);
    this.show(screens[name](this, this.place));
  }

  /** The phone's own back button leads to the previous screen, never out of a half-filled ballot. */
  back(place) {
    if (!place || !this.record) return;
    const cast = this.record.state.tracker !== undefined && !this.record.state.draft;
    const safe = cast && !["receipt", "trackers"].includes(place.screen) ? { screen: "receipt" } : place;
    this.place = safe;
    this.show(screens[safe.screen](this, safe));
  }

  /** Writes the draft; called at every change and when the page is left. */
  keep() {
    if (this.record && this.record.state.draft) this.record.save();
  }

  show(content) {
    refill(this.root, frame(this, content));
    window.scrollTo(0, 0);
    const heading = this.root.querySelector("h1");
    if (heading) {
      heading.setAttribute("tabindex", "-1");
      heading.focus({ preventScroll: true });
    }
  }

  refused(problem, again) {
    if (!(problem instanceof Refusal)) console.error(problem.message);
    const refusal = problem instanceof Refusal ? problem : new Refusal("failed", "页面出现故障，没有提交任何内容，您填写的内容保存在本机。请重新扫码打开。");
    if (SPENT.includes(refusal.code)) {
      if (this.record) this.record.wipe();
      this.forget();
      this.show(enterScreen(this, refusal.message));
    } else {
      this.show(troubleScreen(this, refusal, again));
    }
  }

  /** Ends this slip on this phone: the next voter starts from an empty page. */
  forget() {
    this.page = this.slip = this.record = this.transport = null;
    this.forgetTab();
    history.replaceState(null, "", location.pathname);
  }

  forgetTab() {
    try {
      sessionStorage.removeItem(TAB);
    } catch (problem) {
      // Nothing was stored.
    }
  }

  leave(message = "本机记录已清除。") {
    if (this.record) this.record.wipe();
    this.forget();
    this.show(enterScreen(this, message));
  }
}

export function start(root) {
  root.classList.add("v-page");
  refill(root, el("p", {}, "正在打开评价表"));
  new App(root).begin();
}
