// 长者版: bigger type on every public page, remembered on this device and shared with the ballot's page.
// Without script pages stay as they are; where the device remembers nothing, the choice lasts as long as the page.
(function () {
  "use strict";
  var root = document.documentElement;
  var name = "elder";

  function read() {
    try {
      return window.localStorage.getItem(name);
    } catch (error) {
      return null;
    }
  }

  function write(on) {
    try {
      window.localStorage.setItem(name, on ? "1" : "0");
    } catch (error) {
      return;
    }
  }

  function set(on) {
    if (on) {
      root.classList.add(name);
    } else {
      root.classList.remove(name);
    }
  }

  function say() {
    var button = document.getElementById(name);
    if (button && button.nodeName === "BUTTON") {
      button.hidden = false;
      button.textContent = root.classList.contains(name) ? "标准版" : "长者版";
    }
  }

  function show() {
    var chosen = read();
    if (chosen !== null) {
      set(chosen === "1");
    }
    say();
  }

  show();
  document.addEventListener("DOMContentLoaded", say);
  window.addEventListener("pageshow", show); // back in the history, chosen otherwise meanwhile
  document.addEventListener("click", function (event) {
    var at = event.target;
    while (at && at !== document && at.id !== name) {
      at = at.parentNode;
    }
    if (!at || at === document) {
      return;
    }
    event.preventDefault(); // the rating page has a link there, for browsers without script
    set(!root.classList.contains(name));
    write(root.classList.contains(name));
    say();
  });
})();
