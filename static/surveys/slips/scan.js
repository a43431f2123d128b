// Scanning returned slips with the camera, where the browser can read QR codes by itself; otherwise
// the field stays what it is: for a hand scanner, or for typing. Nothing is loaded from elsewhere, and
// no code is kept: only that the camera was on when the page comes back after a slip.
(function () {
  "use strict";
  const ON = "sanliang.camera";
  const OFTEN = 150;
  const button = document.getElementById("camera");
  const says = document.getElementById("camera-says");
  const viewer = document.getElementById("viewer");
  const form = document.getElementById("scan");
  const able = "BarcodeDetector" in window && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
  if (!button || !able) return;

  function switched(on) {
    try {
      if (on) sessionStorage.setItem(ON, "1");
      else sessionStorage.removeItem(ON);
      return on;
    } catch (problem) {
      return false;
    }
  }

  function wasOn() {
    try {
      return sessionStorage.getItem(ON) === "1";
    } catch (problem) {
      return false;
    }
  }

  /** After a slip was taken it still lies there: the next one counts once the picture was empty. */
  async function look(detector, armed) {
    const found = await detector.detect(viewer).catch(() => null);
    const code = found && found.find((each) => each.rawValue);
    if (code && armed) {
      form.elements.text.value = code.rawValue;
      form.submit();
      return;
    }
    if (found && !code && !armed) says.textContent = "请把下一张凭条上的二维码对准摄像头。";
    window.setTimeout(look, OFTEN, detector, armed || Boolean(found && !code));
  }

  async function start(armed) {
    button.hidden = true;
    says.textContent = "正在打开摄像头。";
    try {
      const kinds = await window.BarcodeDetector.getSupportedFormats();
      if (!kinds.includes("qr_code")) throw new Error("no QR codes");
      viewer.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      viewer.hidden = false;
      await viewer.play();
      switched(true);
      says.textContent = armed ? "请把凭条上的二维码对准摄像头，扫描后自动登记。" : "请移开上一张凭条。";
      look(new window.BarcodeDetector({ formats: ["qr_code"] }), armed);
    } catch (problem) {
      switched(false);
      says.textContent = "摄像头不能使用。请用扫描枪扫描，或输入投票码。";
    }
  }

  button.hidden = false;
  button.addEventListener("click", () => start(true));
  if (wasOn()) start(false);
})();
