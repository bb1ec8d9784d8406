// Keeps every job bar of the page true: its numbers by socket, its rendered part when the state changes.
// Bars carry data-job-bar, data-src, data-version, data-state and, while the job lives, data-socket.
// Parts of the page marked data-job-refresh (a job's id, or empty for any) are fetched anew when it ends.
(() => {
  const POLL_MS = 5000;
  const SAY_MS = 10000;
  const FIRST_DELAY_MS = 500;
  const LONGEST_DELAY_MS = 15000;
  const POLLING = "Live updates off, refreshing every 5 s";
  const ENDED = new Set(["succeeded", "failed", "cancelled"]);
  const REFUSED = {
    4401: "Signed out: sign in again to follow this job",
    4403: "You may no longer follow this job",
    4404: "This job is no longer there",
  };
  const followers = new Map();

  const barsOf = (id) => [...document.querySelectorAll(`[data-job-bar="${id}"]`)];
  const part = (bar, name) => bar.querySelector(`[data-part="${name}"]`);
  const stateOf = (job) => job.status + (job.cancel_requested ? " cancelling" : "");

  // The same words as the template's filter `left`.
  const left = (seconds) => {
    if (seconds < 5) return "a few seconds left";
    if (seconds < 60) return `about ${Math.round(seconds / 5) * 5} s left`;
    if (seconds < 3600) return `about ${Math.round(seconds / 60)} min left`;
    return `about ${Math.round(seconds / 3600)} h left`;
  };

  const write = (bar, name, text) => {
    const element = part(bar, name);
    if (!element) return;
    element.hidden = !text;
    if (element.textContent !== text) element.textContent = text;
  };

  // What a screen reader hears: the newest milestone, at most one in ten seconds.
  const speaker = (() => {
    let region = null;
    let waiting = "";
    let timer = null;
    const speak = () => {
      timer = waiting ? setTimeout(speak, SAY_MS) : null;
      if (waiting) region.textContent = waiting;
      waiting = "";
    };
    return (text) => {
      if (!region) {
        region = document.createElement("div");
        region.className = "visually-hidden";
        region.setAttribute("aria-live", "polite");
        document.body.append(region);
      }
      waiting = text;
      // The region must be there before its text changes, or the first one is not read out.
      if (!timer) timer = setTimeout(speak, 100);
    };
  })();

  const quarter = (progress) => Math.floor((progress || 0) / 25);

  function showNumbers(bar, job) {
    const progress = part(bar, "progress");
    if (progress) {
      const before = quarter(progress.value);
      if (job.progress === null) progress.removeAttribute("value");
      else progress.value = job.progress;
      if (job.progress !== null && quarter(job.progress) > before && job.progress < 100) {
        const failed = job.failed ? `, ${job.failed} failed` : "";
        speaker(`${job.title}: ${job.progress} %${failed}`);
      }
    }
    const counts = part(bar, "counts");
    if (counts) counts.hidden = job.total === null;
    write(bar, "done", String(job.done));
    write(bar, "total", job.total === null ? "" : String(job.total));
    write(bar, "failed", job.failed ? `· ${job.failed} failed` : "");
    write(bar, "left", job.eta_seconds === null ? "" : `· ${left(job.eta_seconds)}`);
    if (job.status === "running") write(bar, "step", job.step || job.message || "");
  }

  async function fetchPage(url) {
    const response = await fetch(url, { headers: { "X-Requested-With": "job-bar" } });
    if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
    if (response.redirected) throw Object.assign(new Error("signed out"), { status: 401 });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  function swap(old, fresh) {
    const focused = old.contains(document.activeElement);
    const node = document.adoptNode(fresh);
    old.replaceWith(node);
    if (window.htmx) window.htmx.process(node);
    if (focused) (node.matches("[tabindex]") ? node : node.querySelector("a, button"))?.focus();
    return node;
  }

  // The partial is the only rendering of a state: fetched, never rebuilt here.
  async function renderAnew(src) {
    const page = await fetchPage(src);
    const fresh = page.querySelector("[data-job-bar]");
    for (const bar of document.querySelectorAll(`[data-src="${src}"]`)) {
      if (!fresh || Number(fresh.dataset.version) <= Number(bar.dataset.version)) continue;
      const ended = Boolean(bar.dataset.socket) && !fresh.dataset.socket;
      const changed = fresh.dataset.state !== bar.dataset.state;
      const note = part(bar, "note");
      const node = swap(bar, fresh.cloneNode(true));
      if (note && !note.hidden) write(node, "note", note.textContent);
      if (changed) speaker(`${node.dataset.title}: ${node.querySelector(".tag").textContent}`);
      await refreshParts(node.dataset.jobBar, ended);
    }
    scan();
  }

  const isChanged = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    const chosen = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(chosen, 0);
  };
  const isEdited = (element) => [...element.querySelectorAll("input, textarea, select")].some(isChanged);

  // data-job-refresh: when the job ends. data-job-refresh-live: also while it runs, every 5 s at most.
  async function refreshParts(id, ended) {
    const due = [...document.querySelectorAll("[data-job-refresh]")].filter((element) => {
      const of = element.dataset.jobRefresh;
      if (of && of !== String(id)) return false;
      if (ended) return true;
      if (!("jobRefreshLive" in element.dataset)) return false;
      const now = Date.now();
      if (now - Number(element.dataset.refreshedAt || 0) < POLL_MS) return false;
      element.dataset.refreshedAt = String(now);
      return true;
    });
    if (!due.length) return;
    const page = await fetchPage(location.href);
    for (const element of due) {
      const fresh = element.id && page.getElementById(element.id);
      if (!fresh || !element.isConnected) continue;
      if (isEdited(element)) {
        // Nobody's typing is thrown away: the reader decides when to look.
        speaker("The job has ended. Reload the page to see what it changed.");
        continue;
      }
      if (element.dataset.refreshedAt) fresh.dataset.refreshedAt = element.dataset.refreshedAt;
      swap(element, fresh);
    }
    scan();
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
    }

    bars() {
      return [...document.querySelectorAll(`[data-socket="${this.path}"]`)];
    }

    open() {
      this.retry = null;
      if (!this.bars().length) { this.stop(); return; }
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
      for (const bar of this.bars()) write(bar, "note", "");
    }

    frame(job) {
      this.delay = FIRST_DELAY_MS;
      this.ended = ENDED.has(job.status);
      for (const bar of barsOf(job.id)) {
        if (job.version <= Number(bar.dataset.version)) continue;
        if (stateOf(job) !== bar.dataset.state) {
          // The numbers are right at once, also when the server can't be asked for the part.
          showNumbers(bar, job);
          renderAnew(bar.dataset.src).catch((error) => this.failed(error));
          continue;
        }
        bar.dataset.version = job.version;
        showNumbers(bar, job);
        refreshParts(job.id, false).catch((error) => this.failed(error));
      }
      if (!this.ended && !this.bars().length) this.stop();
    }

    closed(code) {
      if (this.stopped) return;
      this.socket = null;
      if (REFUSED[code]) {
        for (const bar of this.bars()) write(bar, "note", REFUSED[code]);
        this.stop();
      } else if (code === 1000 && this.ended) {
        this.stop();
      } else {
        // A short break of the line says nothing; one that lasts is told and bridged.
        if (this.delay > FIRST_DELAY_MS) for (const bar of this.bars()) write(bar, "note", POLLING);
        this.poll();
        this.retry = setTimeout(() => this.open(), this.delay * (0.5 + Math.random() / 2));
        this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
      }
    }

    poll() {
      if (this.poller) return;
      const look = () => {
        if (document.hidden) return;
        const bars = this.bars();
        if (!bars.length) { this.stop(); return; }
        for (const bar of bars) {
          write(bar, "note", POLLING);
          renderAnew(bar.dataset.src).catch((error) => this.failed(error));
        }
      };
      this.poller = setInterval(look, POLL_MS);
      if (!("WebSocket" in window)) look();
    }

    failed(error) {
      const code = { 401: 4401, 403: 4403, 404: 4404 }[error.status];
      if (code) this.closed(code);
      else this.poll(); // the server did not answer: look again in a while
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

  function scan() {
    for (const bar of document.querySelectorAll("[data-job-bar][data-socket]")) {
      const path = bar.dataset.socket;
      if (followers.has(path)) continue;
      const follower = new Follower(path);
      followers.set(path, follower);
      follower.open();
    }
  }

  document.addEventListener("htmx:load", scan);
  window.addEventListener("pagehide", () => { for (const follower of [...followers.values()]) follower.stop(); });
  window.addEventListener("pageshow", scan);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", scan);
  else scan();
})();
