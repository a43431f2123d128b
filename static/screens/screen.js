/* Shows a place's frames in turn, asks for new ones, and goes on with those it has where nobody answers.
   All frames stand in the page, one of them visible: photos stay, and days of showing add nothing. */
(function () {
  "use strict";
  var body = document.body, main = document.getElementById("frames");
  var clock = document.getElementById("clock"), made = document.getElementById("made"), place = document.getElementById("place");
  var asksAfter = Number(body.getAttribute("data-asks-after")) * 1000;
  var SOON = 60000, PATIENCE = 30000, PHOTOS = 20000, OLD = 2 * 3600000, CHINA = 8 * 3600000;
  // Somebody may have been taken down since: a screen without network shows persons no longer than this.
  var NAMES_LAST = Number(body.getAttribute("data-persons-hours")) * 3600000;
  var now = null;      // what is shown: {version, order, turns, frames (elements), seconds, made, said, got}
  var at = -1, timer = 0;

  function two(number) { return (number < 10 ? "0" : "") + number; }

  function tick() {
    var day = new Date(Date.now() + CHINA);
    var text = day.getUTCFullYear() + "年" + (day.getUTCMonth() + 1) + "月" + day.getUTCDate() + "日　星期" + "日一二三四五六".charAt(day.getUTCDay()) + "　" + two(day.getUTCHours()) + ":" + two(day.getUTCMinutes());
    if (clock.textContent !== text) clock.textContent = text;
    if (!now) return;
    var old = Date.now() - Math.min(now.made, now.got) > OLD;  // a screen's own clock may be slow
    text = (old ? "网络中断，数据截至" : "数据截至") + now.said + (isPast() ? "，不再显示人员" : "");
    if (made.textContent !== text) made.textContent = text;
    made.className = old ? "old" : "";
    dropNames();
  }

  /* By the screen's own clock since the answer came; what the worker kept says itself when it was made, and
     a clock that is days behind it tells nothing of its age: then no persons, either. */
  function isPast() {
    return now.isKept ? Math.abs(Date.now() - now.made) > NAMES_LAST : Date.now() - now.got > NAMES_LAST;
  }

  function dropNames() {
    var past = isPast();
    if (past === (body.className === "nameless")) return;
    body.className = past ? "nameless" : "";
    if (at < 0 || (past && !mayShow(at))) show(at < 0 ? 0 : at);
  }

  function mayShow(place) {
    return body.className !== "nameless" || now.frames[now.order[place]].className !== "frame identity";
  }

  /* Which frame of its turn: {number, of}. A turn lasts a quarter of an hour, all turns together some hours. */
  function inTurn(place) {
    var turn = 0, first = 0;
    while (now.turns[turn] && first + now.turns[turn] <= place) first += now.turns[turn++];
    return {number: place - first + 1, of: now.turns[turn] || now.order.length - first};
  }

  function show(next) {
    var frames = now.frames, steps = 0, shown, number, told;
    while (!mayShow(next) && steps++ < now.order.length) next = (next + 1) % now.order.length;
    shown = mayShow(next) ? now.order[next] : -1;
    for (number = 0; number < frames.length; number++) frames[number].hidden = number !== shown;
    at = next;
    told = inTurn(at);
    place.textContent = "第" + told.number + "屏，共" + told.of + "屏";
    clearTimeout(timer);
    timer = setTimeout(function () { show((at + 1) % now.order.length); }, shown < 0 ? SOON : now.seconds[shown] * 1000);
  }

  /* Where the frame that is on the screen stands among new ones: it comes in several turns. */
  function nearest(keys, before) {
    var best = -1, number;
    for (number = 0; number < keys.length; number++) {
      if (keys[number] === before && (best < 0 || Math.abs(number - at) < Math.abs(best - at))) best = number;
    }
    return Math.max(0, best);
  }

  function kept() {
    var urls = [location.pathname, body.getAttribute("data-frames")], found, number;
    found = document.querySelectorAll("link[href], script[src], #frames img");
    for (number = 0; number < found.length; number++) urls.push(found[number].src || found[number].href);
    return urls;
  }

  function tellWorker() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.ready.then(function (ready) { ready.active.postMessage({keep: kept()}); });
  }

  /* Build the new frames aside, wait for their photos, and put them up in one step. */
  function build(told, isKept) {
    var box = document.createElement("main"), frames = [], seconds = [], waiting = 1, done = false, missing = false;
    box.id = "frames";
    told.frames.forEach(function (one) {
      var frame = document.createElement("section");
      frame.className = "frame " + one.key.split("-")[0];
      frame.setAttribute("data-key", one.key);
      frame.innerHTML = one.html;
      frame.hidden = true;
      box.appendChild(frame);
      frames.push(frame);
      seconds.push(one.seconds);
    });
    function put() {
      if (done) return;
      done = true;
      clearTimeout(late);
      var before = now && now.frames[now.order[at]].getAttribute("data-key");
      var keys = told.order.map(function (one) { return told.frames[one].key; });
      now = {version: missing ? "" : told.version, order: told.order, turns: told.turns || [], frames: frames, seconds: seconds, made: told.made, said: told.said, got: Date.now(), isKept: isKept};
      main.parentNode.replaceChild(box, main);
      main = box;
      body.className = isPast() ? "nameless" : "";
      show(before ? nearest(keys, before) : 0);
      tick();
      tellWorker();
    }
    function arrived() { waiting -= 1; if (!waiting) put(); }
    var late = setTimeout(function () { missing = true; put(); }, PHOTOS);
    Array.prototype.forEach.call(box.getElementsByTagName("img"), function (photo) {
      if (photo.complete) return;
      waiting += 1;
      photo.onload = arrived;
      photo.onerror = function () { missing = true; arrived(); };
    });
    arrived();
  }

  /* A new style or script: open the page anew, but only while it can be had. */
  function renew() {
    var asked = new XMLHttpRequest();
    asked.open("GET", location.pathname);
    asked.timeout = PATIENCE;
    asked.onload = function () {
      if (asked.status === 200 && asked.responseText.indexOf('id="frames"') > 0) location.reload();
    };
    asked.send();
  }

  function take(asked) {
    var told, isKept = asked.getResponseHeader("X-Kept") === "1";
    if (asked.status !== 200) return false;
    try { told = JSON.parse(asked.responseText); } catch (fault) { return false; }
    if (!told || !told.frames || !told.order || !told.order.length) return false;
    if (now && told.made < now.made) return false;  // the worker's copy is older than what is shown
    if (told.look !== body.getAttribute("data-look")) renew();
    if (!now || now.version !== told.version) build(told, isKept);
    else if (!isKept || told.made > now.made) { now.made = told.made; now.said = told.said; now.got = Date.now(); now.isKept = isKept; tick(); }
    return true;
  }

  function ask() {
    var asked = new XMLHttpRequest(), taken = false;
    asked.open("GET", body.getAttribute("data-frames"));
    asked.timeout = PATIENCE;
    asked.onload = function () { taken = take(asked); };
    asked.onloadend = function () { setTimeout(ask, taken ? asksAfter : SOON); };
    asked.send();
  }

  /* The page itself may be a copy from days ago, with persons on its first frame. */
  if (Math.abs(Date.now() - Number(body.getAttribute("data-made"))) > NAMES_LAST) main.textContent = "";
  setInterval(tick, 1000);
  tick();
  ask();
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(body.getAttribute("data-worker"), {scope: "/screen/"}).catch(function () {});
  }
}());
