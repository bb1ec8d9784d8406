// The scope review: after a decision the next row is opened, and ticked rows are counted and ticked together.
// Rows, keys and swaps are the page's own (data-rows, data-row, data-open, data-key); without JavaScript forms do it.
(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
  const boxes = () => [...document.querySelectorAll('input[name="item"][form="bulk"]')];

  const count = () => {
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const shown = document.querySelector("[data-bulk] [data-count]");
    if (shown) shown.textContent = String(ticked);
    const master = document.querySelector("input[data-all]");
    if (!master) return;
    master.checked = ticked > 0 && ticked === all.length;
    master.indeterminate = ticked > 0 && ticked < all.length;
  };

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
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-all]")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    if (event.target.matches('input[data-all], input[name="item"]')) count();
  });
  document.addEventListener("htmx:afterSwap", count);
  window.addEventListener("pageshow", count);
})();
