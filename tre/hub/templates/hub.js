(() => {
  "use strict";
  const page = document.body.dataset;

  const form = document.getElementById("sign-in");
  if (form) {
    form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
  }

  for (const button of document.querySelectorAll("[data-stop]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      button.textContent = "Stopping…";
      const address = `${page.base}api/users/${page.user}/servers/${button.dataset.stop}`;
      const answer = await fetch(address, {
        method: "DELETE", headers: { "X-XSRFToken": page.xsrf }, credentials: "same-origin",
      });
      if (answer.ok) { location.assign(`${page.base}home`); }
      else { button.textContent = "It could not be stopped"; }
    });
  }

  const progress = document.getElementById("progress");
  if (progress) {
    const bar = progress.querySelector("div");
    const words = document.getElementById("progress-words");
    const events = new EventSource(progress.dataset.url);
    events.onmessage = (event) => {
      const news = JSON.parse(event.data);
      if (news.progress !== undefined) {
        bar.style.width = `${Math.max(4, news.progress)}%`;
        progress.setAttribute("aria-valuenow", news.progress);
      }
      if (news.message) { words.textContent = news.message; }
      if (news.ready || news.failed) { events.close(); location.reload(); }
    };
  }

  const again = document.querySelector("[data-again-seconds]");
  if (again) { setTimeout(() => location.reload(), 1000 * Number(again.dataset.againSeconds)); }
})();
