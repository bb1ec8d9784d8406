// Rows that are ticked for the form of id "bulk" (data-bulk): they are counted, and ticked together by data-all.
(() => {
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

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-all]")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    if (event.target.matches('input[data-all], input[name="item"]')) count();
  });
  document.addEventListener("htmx:afterSwap", count);
  window.addEventListener("pageshow", count);
})();
