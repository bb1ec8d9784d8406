// Light, dark or the system's choice: kept in this browser and set before the first paint.
(() => {
  const root = document.documentElement;
  const read = () => {
    try { return localStorage.getItem("synapse-scheme") || "auto"; } catch { return "auto"; }
  };
  const keep = (choice) => {
    try { localStorage.setItem("synapse-scheme", choice); } catch { /* storage is off: the choice holds for this page */ }
  };
  const mark = (choice) => {
    root.dataset.scheme = choice;
    for (const button of document.querySelectorAll("[data-scheme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.schemeChoice === choice));
    }
  };
  root.dataset.scheme = read();
  document.addEventListener("DOMContentLoaded", () => {
    mark(read());
    for (const group of document.querySelectorAll("[data-scheme-choices]")) group.hidden = false;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scheme-choice]");
    if (!button) return;
    keep(button.dataset.schemeChoice);
    mark(button.dataset.schemeChoice);
  });
})();
