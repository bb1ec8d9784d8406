// The unread mark at the bar's Jobs link, and a toast when one of the reader's own jobs ends.
// The mark (data-job-mark) is rendered by the server at data-src and follows data-socket while a job of the reader lives.
// A job is told once in this browser, in the window that is looked at, and not where its own bar shows the end.
(() => {
  const KEPT = "synapse-jobs-told";
  const MOST_KEPT = 200;
  const MOST_SHOWN = 3;
  const GATHER_MS = 400;
  const STALE_MS = 10000;
  const { ENDED, fetchPage, failed, scan } = window.following;
  const waiting = new Map();
  const asked = new Set();
  let timer = null;
  let markedAt = Date.now();

  const mark = () => document.querySelector("[data-job-mark]");
  const isMine = (path) => path === mark()?.dataset.line;
  const isShown = (job) => document.querySelector(`[data-job-bar="${job.id}"].job`) !== null;

  const told = () => {
    try { return new Map(JSON.parse(localStorage.getItem(KEPT) || "[]")); } catch { return new Map(); }
  };
  const keep = (jobs) => {
    const known = told();
    for (const job of jobs) known.set(job.id, job.version);
    try { localStorage.setItem(KEPT, JSON.stringify([...known].slice(-MOST_KEPT))); } catch { /* told again at worst */ }
  };

  // What came of it: the colour and the words, as the bar says them.
  const outcome = (job) => {
    if (job.status === "failed") return ["bad", `failed. ${job.error?.message || ""}`];
    if (job.status === "cancelled") return ["warning", "cancelled."];
    if (job.failed) return ["warning", `${job.done} done, ${job.failed} failed.`];
    return ["ok", /\bdone\b/i.test(job.message) ? job.message : `done. ${job.message}`];
  };

  function toast(level, text, href, words) {
    const box = document.getElementById("toasts");
    const template = document.getElementById("toast");
    if (!box || !template) return;
    const message = template.content.firstElementChild.cloneNode(true);
    message.classList.add(level);
    message.dataset.jobToast = "";
    message.querySelector("[data-text]").textContent = `${text.trim()} `;
    const link = document.createElement("a");
    link.href = href;
    link.className = "nowrap";
    link.textContent = words;
    message.querySelector("[data-text]").append(link);
    box.append(message);
  }

  function toastMore(count) {
    const old = document.querySelector("[data-job-toast][data-more]");
    const total = count + Number(old?.dataset.more || 0);
    old?.remove();
    toast("info", `${total} more of your jobs ${total === 1 ? "has" : "have"} ended.`, mark().dataset.jobs, "All jobs");
    document.querySelector("[data-job-toast]:last-child").dataset.more = String(total);
  }

  // The server counts; what the reader has just seen end on this page is said to it on the way.
  async function renderMark(seen = []) {
    const old = mark();
    if (!old) return;
    markedAt = Date.now();
    const token = document.querySelector("meta[name=csrf-token]")?.content || "";
    const body = new URLSearchParams(seen.map((job) => ["job", job.id]));
    const page = seen.length
      ? await fetchPage(old.dataset.src, { method: "POST", body, headers: { "X-CSRFToken": token } })
      : await fetchPage(old.dataset.src);
    const fresh = page.querySelector("[data-job-mark]");
    if (fresh) mark()?.replaceWith(document.adoptNode(fresh));
    scan();
  }
  const refresh = (path, seen) => renderMark(seen).catch((error) => failed(path, error));

  function settle() {
    timer = null;
    if (document.hidden || !waiting.size) return;
    const known = told();
    const fresh = [...waiting.values()].filter((job) => (known.get(job.id) || 0) < job.version);
    waiting.clear();
    keep(fresh);
    const seen = fresh.filter(isShown);
    const news = fresh.filter((job) => !isShown(job));
    const room = Math.max(MOST_SHOWN - document.querySelectorAll("[data-job-toast]:not([data-more])").length, 0);
    // A sum of one would say less than the job itself.
    const shown = news.length === room + 1 && room > 0 ? news.length : room;
    for (const job of news.slice(0, shown)) {
      const [level, text] = outcome(job);
      toast(level, `${job.title}: ${text}`, `${mark().dataset.jobs}${job.id}/`, "See the job");
    }
    if (news.length > shown) toastMore(news.length - shown);
    refresh(mark().dataset.line, seen);
  }

  document.addEventListener("job:frame", ({ detail: { path, job } }) => {
    if (!mark()) return;
    if (isMine(path) && ENDED.has(job.status)) {
      waiting.set(job.id, job);
      timer = timer || setTimeout(settle, GATHER_MS);
    } else if (!isMine(path) && !mark().dataset.socket && !asked.has(job.id)) {
      // A job that was started from this page: the mark may have to follow from now on.
      asked.add(job.id);
      refresh(path);
    }
  });
  document.addEventListener("job:poll", ({ detail: { path } }) => {
    if (isMine(path)) refresh(path);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !mark()) return;
    if (waiting.size) settle();
    else if (Date.now() - markedAt > STALE_MS) refresh(mark().dataset.line);
  });
})();
