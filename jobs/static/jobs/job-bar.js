// Keeps every job bar of the page true: its numbers by socket, its rendered part when the state changes.
// Bars carry data-job-bar, data-src, data-version, data-state and, while the job lives, data-socket (see follow.js).
// Parts of the page marked data-job-refresh (a job's id, or empty for any) are fetched anew when it ends.
(() => {
  const PART_MS = 5000;
  const SAY_MS = 10000;
  const LINE = {
    on: "",
    polling: "Live updates off, refreshing every 5 s",
    4401: "Signed out: sign in again to follow this job",
    4403: "You may no longer follow this job",
    4404: "This job is no longer there",
  };
  const RELOAD = "The job has ended. Reload the page to see what it changed.";
  const { fetchPage, persist, failed, scan } = window.following;

  const barsOf = (id) => [...document.querySelectorAll(`[data-job-bar="${id}"]`)];
  const barsAt = (path) => [...document.querySelectorAll(`[data-job-bar][data-socket="${path}"]`)];
  const part = (bar, name) => bar.querySelector(`[data-part="${name}"]`);
  const stateOf = (job) =>
    job.status + (job.cancel_requested ? " cancelling" : "") + (job.pause_requested ? " pausing" : "");
  // The same words as the templates' filters `grouped` and `left`.
  const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
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
        const troubled = job.failed ? `, ${grouped(job.failed)} failed` : "";
        speaker(`${job.title}: ${job.progress} %${troubled}`);
      }
    }
    const counts = part(bar, "counts");
    if (counts) counts.hidden = job.total === null;
    write(bar, "done", grouped(job.done));
    write(bar, "total", job.total === null ? "" : grouped(job.total));
    write(bar, "failed", job.failed ? `· ${grouped(job.failed)} failed` : "");
    write(bar, "left", job.eta_seconds === null ? "" : `· ${left(job.eta_seconds)}`);
    if (job.status === "running") write(bar, "step", job.step || job.message || "");
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
      // The bar no longer follows an ended job, so nothing else would come back for the rest.
      if (ended) persist(() => refreshParts(node.dataset.jobBar, true)).catch(() => speaker(RELOAD));
      else await refreshParts(node.dataset.jobBar, false);
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
      if (now - Number(element.dataset.refreshedAt || 0) < PART_MS) return false;
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
        speaker(RELOAD);
        continue;
      }
      if (element.dataset.refreshedAt) fresh.dataset.refreshedAt = element.dataset.refreshedAt;
      swap(element, fresh);
    }
    scan();
  }

  document.addEventListener("job:frame", ({ detail: { path, job } }) => {
    for (const bar of barsOf(job.id)) {
      if (job.version <= Number(bar.dataset.version)) continue;
      // The numbers are right at once, also when the server can't be asked for the part.
      showNumbers(bar, job);
      if (stateOf(job) !== bar.dataset.state) {
        renderAnew(bar.dataset.src).catch((error) => failed(path, error));
        continue;
      }
      bar.dataset.version = job.version;
      refreshParts(job.id, false).catch((error) => failed(path, error));
    }
  });
  document.addEventListener("job:poll", ({ detail: { path } }) => {
    for (const bar of barsAt(path)) renderAnew(bar.dataset.src).catch((error) => failed(path, error));
  });
  document.addEventListener("job:line", ({ detail: { path, state } }) => {
    for (const bar of barsAt(path)) write(bar, "note", LINE[state]);
  });
})();
