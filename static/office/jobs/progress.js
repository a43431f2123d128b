"use strict";
// Shows how far a job is while its page is open; without it the page's link does the same.
for (const section of document.querySelectorAll("[data-progress]")) {
  const bar = section.querySelector("progress");
  const said = section.querySelector("[data-said]");
  const look = async () => {
    try {
      const answer = await fetch(section.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.redirected) location.reload(); // the session has ended: to the entrance
      if (!answer.ok || answer.redirected) return;
      const job = await answer.json();
      if (job.ended) {
        location.assign(location.pathname);
        return;
      }
      if (job.total) {
        bar.max = job.total;
        bar.value = job.done;
      }
      if (said.textContent !== job.said) said.textContent = job.said;
    } catch {
      // The network is away for a moment: ask again.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
}
