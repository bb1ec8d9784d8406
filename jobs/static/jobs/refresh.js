// Renews a part of the page while it is looked at. The control (data-refresh: the part's id) says how it stands,
// and its button stops and starts it. Focus is kept by the ids of links and buttons inside the part.
(() => {
  const EVERY_MS = 5000;
  const control = document.querySelector("[data-refresh]");
  const part = control && document.getElementById(control.dataset.refresh);
  if (!part) return;
  const note = control.querySelector("[data-refresh-note]");
  const button = control.querySelector("button");
  const { fetchPage } = window.following;
  let stopped = false;
  let asking = false;

  const say = (text) => { if (note.textContent !== text) note.textContent = text; };
  const reading = () => {
    const selection = window.getSelection();
    return !selection.isCollapsed && part.contains(selection.anchorNode);
  };

  async function renew() {
    if (stopped || asking || document.hidden || reading()) return;
    asking = true;
    try {
      const page = await fetchPage(location.href, { headers: { "HX-Request": "true" } });
      const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
      part.replaceChildren(...page.body.childNodes);
      if (window.htmx) window.htmx.process(part);
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      say("Refreshes every 5 s");
    } catch (error) {
      say(error.status === 401 ? "Signed out: sign in again" : "Not refreshed: no answer, trying again");
    } finally {
      asking = false;
    }
  }

  button.hidden = false;
  say("Refreshes every 5 s");
  button.addEventListener("click", () => {
    stopped = !stopped;
    button.textContent = stopped ? "Go on" : "Hold";
    say(stopped ? "Held as it was" : "Refreshes every 5 s");
    renew();
  });
  document.addEventListener("visibilitychange", renew);
  setInterval(renew, EVERY_MS);
})();
