// Follows jobs: one socket for each address that an element of the page names by data-socket, and polling while it fails.
// What is heard is told as events of the document:
//   job:frame  {path, job}    a job's snapshot came
//   job:poll   {path}         no socket: ask the server now
//   job:line   {path, state}  "on", "polling", or the close code of a refusal
(() => {
  const POLL_MS = 5000;
  const FIRST_DELAY_MS = 500;
  const LONGEST_DELAY_MS = 15000;
  const ENDED = new Set(["succeeded", "failed", "cancelled"]);
  const CODES = { 401: 4401, 403: 4403, 404: 4404 };
  const REFUSALS = new Set(Object.values(CODES));
  const followers = new Map();
  const refused = new Set();

  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const wanted = (path) => document.querySelector(`[data-socket="${path}"]`) !== null;

  async function fetchPage(url, options = {}) {
    const headers = { "X-Requested-With": "jobs", ...options.headers };
    const response = await fetch(url, { ...options, headers });
    if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
    if (response.redirected) throw Object.assign(new Error("signed out"), { status: 401 });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  // Again, a little later each time, while the server does not answer; a refusal is final.
  async function persist(work, tries = 5) {
    for (let wait = 1000; ; wait *= 2) {
      try {
        return await work();
      } catch (error) {
        tries -= 1;
        if (CODES[error.status] || tries === 0) throw error;
        await new Promise((done) => setTimeout(done, wait * (0.5 + Math.random() / 2)));
      }
    }
  }

  class Follower {
    constructor(path) {
      this.path = path;
      this.delay = FIRST_DELAY_MS;
      this.socket = null;
      this.poller = null;
      this.retry = null;
      this.ended = false;
      this.stopped = false;
      followers.set(path, this);
    }

    open() {
      this.retry = null;
      if (!wanted(this.path)) { this.stop(); return; }
      if (!("WebSocket" in window)) { this.poll(); return; }
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      this.socket = new WebSocket(`${scheme}//${location.host}${this.path}`);
      this.socket.addEventListener("message", (event) => this.frame(JSON.parse(event.data)));
      this.socket.addEventListener("close", (event) => this.closed(event.code));
      this.socket.addEventListener("open", () => this.online());
    }

    online() {
      clearInterval(this.poller);
      this.poller = null;
      tell("job:line", { path: this.path, state: "on" });
    }

    frame(job) {
      this.delay = FIRST_DELAY_MS;
      this.ended = ENDED.has(job.status);
      tell("job:frame", { path: this.path, job });
      if (!this.ended && !wanted(this.path)) this.stop();
    }

    closed(code) {
      if (this.stopped) return;
      this.socket = null;
      if (REFUSALS.has(code)) {
        refused.add(this.path);
        tell("job:line", { path: this.path, state: code });
        this.stop();
      } else if (code === 1000 && this.ended) {
        this.stop();
      } else {
        // A short break of the line says nothing; one that lasts is told and bridged.
        if (this.delay > FIRST_DELAY_MS) tell("job:line", { path: this.path, state: "polling" });
        this.poll();
        this.retry = setTimeout(() => this.open(), this.delay * (0.5 + Math.random() / 2));
        this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
      }
    }

    poll() {
      if (this.poller) return;
      const look = () => {
        if (document.hidden) return;
        if (!wanted(this.path)) { this.stop(); return; }
        if (this.socket?.readyState === WebSocket.OPEN) {
          // The line is fine, only an answer was missing: ask once more.
          clearInterval(this.poller);
          this.poller = null;
          tell("job:poll", { path: this.path });
          return;
        }
        tell("job:line", { path: this.path, state: "polling" });
        tell("job:poll", { path: this.path });
      };
      this.poller = setInterval(look, POLL_MS);
      if (!("WebSocket" in window)) look();
    }

    stop() {
      this.stopped = true;
      clearInterval(this.poller);
      clearTimeout(this.retry);
      this.poller = this.retry = null;
      const socket = this.socket;
      this.socket = null;
      followers.delete(this.path);
      if (socket) socket.close();
    }
  }

  // Who asked the server in vain says so: a refusal ends the following, anything else is asked again.
  function failed(path, error) {
    const follower = followers.get(path) || new Follower(path);
    const code = CODES[error.status];
    if (code) follower.closed(code);
    else follower.poll();
  }

  function scan() {
    for (const follower of [...followers.values()]) if (!wanted(follower.path)) follower.stop();
    for (const element of document.querySelectorAll("[data-socket]")) {
      const path = element.dataset.socket;
      if (!followers.has(path) && !refused.has(path)) new Follower(path).open();
    }
  }

  window.following = { ENDED, fetchPage, persist, failed, scan };
  document.addEventListener("htmx:load", scan);
  window.addEventListener("pagehide", () => { for (const follower of [...followers.values()]) follower.stop(); });
  window.addEventListener("pageshow", scan);
  // By then every script of the page listens.
  if (document.readyState === "complete") scan();
  else document.addEventListener("DOMContentLoaded", scan);
})();
