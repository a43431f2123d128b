// A form that was open while its user signed in again in another tab: it is sent with a fresh token, and
// not at all while nobody is signed in. What was filled in stays on the page.
(function () {
  "use strict";
  const address = document.currentScript.dataset.token;
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

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const token = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (event.defaultPrevented || !token || form.getAttribute("method").toLowerCase() !== "post") return;
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
    if (now && now.token) token.value = now.token;
    send(form, button);
  });
})();
