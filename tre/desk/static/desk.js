// Comforts of the desk's pages; every page works without them.
"use strict";
(() => {
  const root = document.documentElement;

  const toggle = document.querySelector("[data-theme-toggle]");
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
      root.dataset.theme = next;
      localStorage.setItem("theme", next);
    });
  }

  const findings = [...document.querySelectorAll("[data-finding]")];
  const mark = (finding) => {
    document.querySelectorAll(".lit").forEach((cell) => cell.classList.remove("lit"));
    if (!finding) return;
    for (const id of finding.dataset.cells.split(" ")) {
      const cell = id && document.getElementById(id);
      if (cell) cell.classList.add("lit");
    }
  };
  for (const finding of findings) {
    finding.addEventListener("focusin", () => mark(finding));
    finding.addEventListener("mouseenter", () => mark(finding));
    finding.addEventListener("mouseleave", () => mark(findings.includes(document.activeElement) && document.activeElement));
  }
  const step = (by) => {
    if (!findings.length) return;
    const at = findings.indexOf(document.activeElement.closest("[data-finding]"));
    const next = findings[at < 0 ? (by > 0 ? 0 : findings.length - 1) : (at + by + findings.length) % findings.length];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const follow = (which) => {
    const link = document.querySelector(`[data-key-file="${which}"]`);
    if (link) link.click();
  };
  const keys = { j: () => step(1), k: () => step(-1), n: () => follow("next"), p: () => follow("previous") };
  const isOff = () => localStorage.getItem("keys") === "off";
  const told = document.querySelector("[data-keys]");
  if (told) {
    const button = told.querySelector("[data-keys-toggle]");
    const say = () => { button.textContent = isOff() ? "turn on" : "turn off"; told.classList.toggle("off", isOff()); };
    told.hidden = false;
    say();
    button.addEventListener("click", () => { localStorage.setItem("keys", isOff() ? "on" : "off"); say(); });
  }
  document.addEventListener("keydown", (event) => {
    if (isOff() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

  // What somebody writes stays in this tab until the desk has taken it: a session may end meanwhile.
  const PREFIX = "typed ";
  const typedIn = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const keyOf = (field) => `${PREFIX}${field.form.getAttribute("action")} ${field.id || field.name}`;
  const areas = [...document.querySelectorAll('form[method="post"] textarea')];
  const visit = performance.getEntriesByType("navigation")[0];
  const isRefused = Boolean(visit && visit.responseStatus >= 400);
  for (const key of typedIn()) {
    const { text, sent } = JSON.parse(sessionStorage.getItem(key));
    if (sent && isRefused) sessionStorage.setItem(key, JSON.stringify({ text, sent: false }));
    else if (sent) sessionStorage.removeItem(key);
  }
  for (const area of areas) {
    const kept = sessionStorage.getItem(keyOf(area));
    if (kept && !area.value) {
      area.value = JSON.parse(kept).text;
      const around = area.closest("details");
      if (around) around.open = true;
    }
    area.addEventListener("input", () => {
      if (area.value) sessionStorage.setItem(keyOf(area), JSON.stringify({ text: area.value, sent: false }));
      else sessionStorage.removeItem(keyOf(area));
    });
  }
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") typedIn().forEach((key) => sessionStorage.removeItem(key));
    for (const area of areas.filter((one) => one.form === event.target && sessionStorage.getItem(keyOf(one)))) {
      sessionStorage.setItem(keyOf(area), JSON.stringify({ text: area.value, sent: true }));
    }
  });

  // A tip is placed beside its cell, on the page and not inside the table's scrolling frame.
  for (const cell of document.querySelectorAll(".grid td")) {
    const tip = cell.querySelector(".tip");
    if (!tip) continue;
    const place = () => {
      const box = cell.getBoundingClientRect();
      tip.classList.add("placed");
      tip.style.display = "block";
      const { width, height } = tip.getBoundingClientRect();
      tip.style.display = "";
      tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
      tip.style.top = `${box.bottom + height + 8 < innerHeight ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
    };
    cell.addEventListener("mouseenter", place);
    cell.addEventListener("focus", place);
  }
  const first = document.querySelector("[data-focus-first]");
  if (first) first.focus();
})();
