// 长者版: bigger type on every page of the site, remembered on this device. Without script pages stay as they are.
(function () {
  "use strict";
  var root = document.documentElement;
  var name = "elder";

  function read() {
    try {
      return window.localStorage.getItem(name) === "1";
    } catch (error) {
      return document.cookie.indexOf(name + "=1") >= 0;
    }
  }

  function write(on) {
    try {
      window.localStorage.setItem(name, on ? "1" : "0");
    } catch (error) {
      document.cookie = name + "=" + (on ? "1" : "0") + ";path=/;max-age=31536000;samesite=lax";
    }
  }

  function set(on) {
    if (on) {
      root.classList.add(name);
    } else {
      root.classList.remove(name);
    }
  }

  set(read());
  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById(name);
    if (!button) {
      return;
    }
    function say() {
      button.textContent = root.classList.contains(name) ? "标准版" : "长者版";
    }
    button.hidden = false;
    say();
    button.addEventListener("click", function () {
      set(!root.classList.contains(name));
      write(root.classList.contains(name));
      say();
    });
  });
})();
