// A hand scanner types on the keyboard. While a Chinese input method is on, its letters are composed
// into other characters, so the field takes the keys themselves: the browser names each of them.
(function () {
  "use strict";
  const form = document.getElementById("scan");
  const field = form && form.elements.text;
  if (!field) return;
  const SIGNS = {
    Minus: "-_", Equal: "=+", Period: ".>", Comma: ",<", Slash: "/?", Semicolon: ";:", Quote: "'\"",
    BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Backquote: "`~", Space: "  ",
  };
  const ABOVE_DIGITS = ")!@#$%^&*(";
  let pressed = "";
  let composed = false;

  function forget() {
    pressed = "";
    composed = false;
  }

  function said(event) {
    const shift = event.shiftKey ? 1 : 0;
    const letter = /^Key([A-Z])$/.exec(event.code);
    if (letter) return shift ? letter[1] : letter[1].toLowerCase();
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    if (digit) return shift && event.code.startsWith("Digit") ? ABOVE_DIGITS[digit[1]] : digit[1];
    return event.code in SIGNS ? SIGNS[event.code][shift] : "";
  }

  field.addEventListener("compositionstart", () => {
    composed = true;
  });
  field.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return forget();
    if (event.code === "Enter" || event.code === "NumpadEnter") {
      if (!composed || !pressed) return undefined;
      event.preventDefault();
      const keys = pressed;
      forget();
      // The input method first writes what it composed; the keys replace it.
      window.setTimeout(() => {
        field.value = keys;
        form.requestSubmit();
      }, 0);
      return undefined;
    }
    if (event.code === "Backspace") pressed = pressed.slice(0, -1);
    else pressed += said(event);
    return undefined;
  });
  for (const name of ["blur", "paste", "drop", "cut"]) field.addEventListener(name, forget);
})();
