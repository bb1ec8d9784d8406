// The scope review: after a decision the next row is opened.
// Rows, keys and swaps are the page's own (data-rows, data-row, data-open, data-key); without JavaScript forms do it.
(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];

  const openNext = () => {
    const all = rows();
    const at = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const next = all[at + 1];
    if (at < 0 || !next) return;
    for (const row of all) row.setAttribute("aria-selected", String(row === next));
    next.tabIndex = 0;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    next.querySelector("[data-open]")?.click();
  };

  document.addEventListener("scope-decided", openNext);
})();
