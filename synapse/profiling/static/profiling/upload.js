// Sends a large file of records in parts by the API, then has them put together by a job.
// The form carries data-parts (bytes of a part), data-report, data-api and data-page (with 0 for the population's number).
// The same file chosen again goes on where it broke off; a file of one part goes the way of every form.
(() => {
  const TRIES = 4;
  const FIRST_WAIT_MS = 1000;
  const GONE = "The server did not answer. What was sent is kept: choose the file again to go on.";

  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  class Refused extends Error {}

  const headers = () => {
    const token = document.querySelector("meta[name=csrf-token]");
    return { Accept: "application/json", "X-CSRFToken": token ? token.content : "" };
  };

  async function said(reply) {
    const body = await reply.json().catch(() => ({}));
    if (reply.ok) return body;
    throw new Refused(body.detail || body.title || `The server answered ${reply.status}.`);
  }

  // What may pass is tried again: no answer, or an answer that says it is the server's fault.
  async function ask(url, options = {}) {
    for (let tried = 1; ; tried += 1) {
      const reply = await fetch(url, { credentials: "same-origin", ...options }).catch(() => null);
      if (reply && reply.status < 500 && reply.status !== 429) return said(reply);
      if (tried === TRIES) return reply ? said(reply) : Promise.reject(new Refused(GONE));
      await wait(FIRST_WAIT_MS * 2 ** (tried - 1));
    }
  }

  const asJson = (body) => ({
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

  async function send(form, file, show) {
    const { api, report } = form.dataset;
    const size = Number(form.dataset.parts);
    const total = Math.ceil(file.size / size);
    const begun = await ask(api, asJson({
      cycle_report: Number(report), name: file.name, size: file.size, fingerprint: `changed ${file.lastModified}`,
    }));
    const own = `${api}${begun.id}/`;
    const there = new Set((await ask(`${own}parts/`, { headers: headers() })).map((part) => part.number));
    show(there.size, total);
    for (let number = 1; number <= total; number += 1) {
      if (there.has(number)) continue;
      await ask(`${own}parts/${number}/`, {
        method: "PUT",
        headers: { ...headers(), "Content-Type": "application/octet-stream" },
        body: file.slice((number - 1) * size, number * size),
      });
      there.add(number);
      show(there.size, total);
    }
    await ask(`${own}assemble/`, asJson({}));
    return form.dataset.page.replace("/0/", `/${begun.id}/`);
  }

  function start(form) {
    const input = form.querySelector("input[type=file]");
    const part = (name) => form.querySelector(`[data-upload="${name}"]`);
    const button = form.querySelector("button.primary");
    form.addEventListener("submit", async (event) => {
      const file = input.files[0];
      if (!file || file.size <= Number(form.dataset.parts)) return;
      event.preventDefault();
      event.stopPropagation();
      button.disabled = true;
      part("refused").hidden = true;
      part("progress").hidden = false;
      try {
        location.href = await send(form, file, (done, total) => {
          part("progress").querySelector("progress").value = (100 * done) / total;
          part("text").textContent = done < total ? `${done} of ${total} parts sent` : "all parts sent";
        });
      } catch (error) {
        if (!(error instanceof Refused)) console.error(error);
        part("refused").textContent = error instanceof Refused ? error.message : GONE;
        part("refused").hidden = false;
        button.disabled = false;
      }
    });
  }

  for (const form of document.querySelectorAll("form[data-parts]")) start(form);
})();
