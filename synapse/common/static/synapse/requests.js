// What every htmx request needs: the CSRF header, errors said in words, and the focus on what is new.
(() => {
  const SAFE = new Set(["get", "head", "options"]);
  const WORDS = {
    0: "The server did not answer. Nothing was changed; try again.",
    403: "You may not do that.",
    404: "That is not there any more. Reload the page.",
    413: "That is too large.",
    429: "Too many requests. Wait a moment and try again.",
  };

  const toast = (text, level = "bad") => {
    const box = document.getElementById("toasts");
    const template = document.getElementById("toast");
    if (!box || !template) return;
    const message = template.content.firstElementChild.cloneNode(true);
    message.classList.add(level);
    message.querySelector("[data-text]").textContent = text;
    box.append(message);
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (SAFE.has(event.detail.verb)) return;
    const token = document.querySelector("meta[name=csrf-token]");
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });

  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    toast(WORDS[status] || "Something went wrong here. It was recorded; try again.");
  });
  document.addEventListener("htmx:sendError", () => toast(WORDS[0]));
  document.addEventListener("htmx:timeout", () => toast(WORDS[0]));

  // A part that replaced the focused one may say where the focus goes now.
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    const next = part.matches?.("[data-focus]") ? part : part.querySelector?.("[data-focus]");
    if (next) next.focus({ preventScroll: false });
  });

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-dismiss]");
    if (close) close.closest(".message")?.remove();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // A form is sent once: a second press of its button does nothing while the first is under way.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent && !form.hasAttribute("hx-post")) { event.preventDefault(); return; }
    if (form.method === "post") form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
