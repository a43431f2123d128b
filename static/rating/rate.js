/*
 * Sends the form without leaving the page, so that a rating that the network lost is still there and goes
 * out later, under the key of its form: the server stores it once. Kept in memory alone. ES5, for old web
 * views; where anything is missing, the browser sends the form by itself.
 */
(function () {
  "use strict";

  var PAUSES = [3, 5, 10, 20, 30, 60]; // seconds between two attempts; the last one goes on
  var LONGEST = 20000; // milliseconds to wait for an answer
  var ANSWER = /<main id="answer">([\s\S]*)<\/main>/;
  var body = "";
  var attempts = 0;
  var isSending = false;
  var timer;

  function byId(id) {
    return document.getElementById(id);
  }

  function typed(form) {
    var pairs = [];
    var one;
    for (var i = 0; i < form.elements.length; i += 1) {
      one = form.elements[i];
      if (one.name && ((one.type !== "radio" && one.type !== "checkbox") || one.checked)) {
        pairs.push(encodeURIComponent(one.name) + "=" + encodeURIComponent(one.value));
      }
    }
    return pairs.join("&");
  }

  function say(button, words) {
    button.disabled = words.slice(-1) === "…";
    button.firstChild.data = words;
  }

  function send() {
    var request = new XMLHttpRequest();
    if (isSending || !body) {
      return;
    }
    isSending = true;
    clearTimeout(timer);
    say(byId("again"), "正在发送…");
    request.open("POST", window.location.href, true);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.timeout = LONGEST;
    request.onreadystatechange = function () {
      if (request.readyState === 4) {
        isSending = false;
        take(request.status, ANSWER.exec(request.responseText || ""));
      }
    };
    request.send(body);
  }

  // What bears no sign of ours came from something between: a gateway, the login page of a network.
  function take(status, answer) {
    if (!answer || !status || status === 429 || status >= 500) {
      wait();
      return;
    }
    body = "";
    attempts = 0;
    byId("answer").innerHTML = answer[1];
    window.scrollTo(0, 0);
    begin();
  }

  function wait() {
    var pause = PAUSES[Math.min(attempts, PAUSES.length - 1)];
    attempts += 1;
    byId("rating").hidden = true;
    byId("unsent").hidden = false;
    say(byId("again"), "立即重新发送");
    timer = setTimeout(send, pause * 1000);
  }

  function submitted(event) {
    try {
      body = typed(this);
    } catch (fault) {
      return; // half a sign: the browser sends it in its own way
    }
    event.preventDefault();
    say(this.querySelector("button"), "正在提交…");
    send();
  }

  function begin() {
    var form = byId("rating");
    var heading = byId("answer").querySelector("h1");
    if (form) {
      form.addEventListener("submit", submitted);
      byId("again").addEventListener("click", send);
    } else {
      heading.tabIndex = -1;
      heading.focus();
    }
  }

  if (!window.XMLHttpRequest || !document.addEventListener || !("hidden" in document.createElement("p"))) {
    return;
  }
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", function (event) {
    if (body && !isSending) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  // A shared device: whoever comes back to the page by its history finds it as it was delivered.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && !body && byId("rating")) {
      byId("rating").reset();
    }
  });
  begin();
})();
