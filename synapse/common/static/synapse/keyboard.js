// Keys: "?" help, "g" then a letter goes there, "/" filters, "j" "k" move in rows, Ctrl+Enter sends, Esc closes.
//
// A page takes part by attributes alone:
//   data-go="c"        on a link: "g" then "c" follows it
//   data-key="y"       on a button or link: that key presses it
//   data-rows          on a table body or list: its children with data-row are moved through with "j" and "k"
//   data-row           on a row: a link inside with data-open is followed when the row is reached (htmx makes that a
//                      swap), "Enter" follows its first link, "x" turns its first checkbox
//   data-filter        on an input: "/" goes there, as to the first text of a form of filters
(() => {
  const KEPT = "synapse-keys";
  const FILTERS = "[data-filter], input[type=search], form[role=search] input[type=text]";
  const on = () => {
    try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
  };
  const typing = (element) =>
    element.closest("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]");
  const seen = (element) => element && element.getClientRects().length > 0 && !element.disabled;
  const press = (selector) => {
    const element = [...document.querySelectorAll(selector)].find(seen);
    if (element) element.click();
    return Boolean(element);
  };
  let going = 0;

  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => !row.hidden);
  const current = (all) => {
    const focused = document.activeElement?.closest?.("[data-row]");
    const at = all.indexOf(focused);
    return at >= 0 ? at : all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  };
  const select = (row, all) => {
    for (const other of all) {
      other.setAttribute("aria-selected", String(other === row));
      other.tabIndex = other === row ? 0 : -1;
    }
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("[data-open]")?.click();
  };
  const move = (step) => {
    const all = rows();
    if (!all.length) return false;
    const at = current(all);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
    if (all[next]) select(all[next], all);
    return true;
  };
  const row = () => {
    const all = rows();
    return all[current(all)];
  };

  const help = () => {
    const dialog = document.getElementById("shortcuts");
    if (!dialog) return false;
    if (dialog.open) dialog.close(); else dialog.showModal();
    return true;
  };

  const simple = (event) => {
    const key = event.key;
    if (going) {
      clearTimeout(going);
      going = 0;
      return press(`[data-go="${CSS.escape(key)}"]`);
    }
    if (key === "?") return help();
    if (key === "g") { going = setTimeout(() => { going = 0; }, 1500); return true; }
    if (key === "/") {
      const filter = [...document.querySelectorAll(FILTERS)].find(seen);
      if (filter) { filter.focus(); filter.select(); }
      return Boolean(filter);
    }
    if (key === "j") return move(1);
    if (key === "k") return move(-1);
    if (key === "x") {
      const box = row()?.querySelector("input[type=checkbox]");
      if (box) box.click();
      return Boolean(box);
    }
    if (key === "Enter" && event.target.matches("[data-row]")) {
      const link = event.target.querySelector("a[href]");
      if (link) link.click();
      return Boolean(link);
    }
    return key.length === 1 && press(`[data-key="${CSS.escape(key)}"]`);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !on()) return;
    const dialog = document.querySelector("dialog[open]");
    if (dialog && event.key !== "?") return;
    if (simple(event)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
    }
    if (event.target.matches("dialog")) event.target.close();
    const item = event.target.closest("[data-rows] [data-row]");
    if (item) {
      for (const other of rows()) other.setAttribute("aria-selected", String(other === item));
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("keys-on");
    if (!box) return;
    box.checked = on();
    box.addEventListener("change", () => {
      try { localStorage.setItem(KEPT, box.checked ? "on" : "off"); } catch { /* storage is off: keys stay on */ }
    });
  });

  // After a swap the row with the focus is a new element of the same id: give it the focus back.
  let last = "";
  document.addEventListener("htmx:beforeSwap", () => {
    last = document.activeElement?.closest?.("[data-row]")?.id || "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!last || document.activeElement !== document.body) return;
    document.getElementById(last)?.focus({ preventScroll: true });
  });
})();
