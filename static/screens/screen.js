// Shows one frame after the other, asks for new ones, and keeps what it has when the network is gone.
(function () {
  "use strict";
  var box = document.getElementById("frames");
  var made = document.getElementById("made");
  var alone = document.getElementById("alone");
  var clock = document.getElementById("clock");
  var version = box.getAttribute("data-version");
  var seconds = Number(box.getAttribute("data-seconds")) * 1000;
  var asksAfter = Number(box.getAttribute("data-asks-after")) * 1000;
  var place = 0;
  var days = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

  function two(number) {
    return (number < 10 ? "0" : "") + number;
  }

  function tell() {
    var now = new Date();
    clock.textContent = now.getFullYear() + "年" + (now.getMonth() + 1) + "月" + now.getDate() + "日　" +
      days[now.getDay()] + "　" + two(now.getHours()) + ":" + two(now.getMinutes());
  }

  function show() {
    var frames = box.children;
    for (var i = 0; i < frames.length; i += 1) {
      frames[i].classList.toggle("on", i === place % frames.length);
    }
  }

  function next() {
    place = (place + 1) % box.children.length;
    show();
  }

  function take(answer) {
    made.textContent = answer.made;
    alone.hidden = true;
    if (answer.version === version) {
      return;
    }
    version = answer.version;
    box.innerHTML = answer.html;
    place = place < box.children.length ? place : 0;
    show();
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", "content.json");
    request.timeout = 30000;
    request.onload = function () {
      var answer = null;
      try {
        answer = request.status === 200 ? JSON.parse(request.responseText) : null;
      } catch (error) {
        answer = null;
      }
      if (answer && answer.html && !request.getResponseHeader("X-Kept")) {
        take(answer);
      } else {
        alone.hidden = false;
      }
    };
    request.onerror = request.ontimeout = function () {
      alone.hidden = false;
    };
    request.send();
  }

  box.classList.add("runs");
  show();
  tell();
  window.setInterval(tell, 5000);
  window.setInterval(next, seconds);
  window.setInterval(ask, asksAfter);
  window.addEventListener("online", ask);
  if (!navigator.onLine) {
    alone.hidden = false;
  }
  ask();
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/screen/worker.js", { scope: "/screen/" }).catch(function () {
      // Without https a browser allows none; the page runs on as long as it is not closed.
    });
  }
})();
