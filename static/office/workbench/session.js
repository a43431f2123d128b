// A form that was open while its user signed in again in another tab: who comes back to the page finds it
// with a fresh token. One that was open for long asks first, and is not sent while nobody is signed in:
// what was filled in stays on the page.
(function () {
  "use strict";
  const address = document.currentScript.dataset.token;
  const LONG = 5 * 60 * 1000;
  let checked = Date.now();
  const notice = document.createElement("p");
  notice.className = "errornote";
  notice.setAttribute("role", "alert");
  notice.textContent = "登录已失效，尚未提交，已填内容仍在本页。请在另一个标签页重新登录，再回到本页提交。";

  async function asked() {
    try {
      const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
      if (answer.redirected) return { ready: location.pathname === new URL(answer.url).pathname, token: "" };
      return answer.ok ? await answer.json() : null;
    } catch (problem) {
      return null; // the form itself will say what is wrong
    }
  }

  function send(form, button) {
    const extra = [];
    if (button && button.name) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = button.name;
      field.value = button.value;
      extra.push(field);
      form.append(field);
    }
    const action = form.getAttribute("action");
    const formaction = button && button.getAttribute("formaction");
    if (formaction) form.setAttribute("action", formaction);
    HTMLFormElement.prototype.submit.call(form);
    // The page stays where the answer is a file.
    setTimeout(() => {
      extra.forEach((field) => field.remove());
      if (formaction) action === null ? form.removeAttribute("action") : form.setAttribute("action", action);
    });
  }

  function renew(token) {
    if (!token) return;
    checked = Date.now();
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
  }

  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible") return;
    const now = await asked();
    if (now) renew(now.token);
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const token = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (Date.now() - checked < LONG || event.defaultPrevented || !token || form.getAttribute("method").toLowerCase() !== "post") return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const button = event.submitter;
    const now = await asked();
    delete form.dataset.sending;
    if (now && !now.ready && location.pathname !== now.first) {
      form.prepend(notice);
      notice.scrollIntoView({ block: "nearest" });
      return;
    }
    if (now) renew(now.token);
    send(form, button);
  });
})();
