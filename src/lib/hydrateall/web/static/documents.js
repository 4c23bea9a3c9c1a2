// Uploads with their progress: files are chosen or dropped, sent one after the other, and then processed all together.
"use strict";
(() => {
  const MOST_WAITS = 20; // for a server that says that it has too many writes

  // One request; `progress` hears the share that is sent. A server that cannot be reached answers with status 0.
  function send(method, address, form, progress) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
      request.addEventListener("loadend", () =>
        done({ status: request.status, body: request.response || {}, wait: Number(request.getResponseHeader("Retry-After")) || 15 })
      );
      request.send(form);
    });
  }

  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  // Send, and again as long as the server asks for patience.
  async function sendPatiently(method, address, form, row) {
    for (let tries = 0; ; tries += 1) {
      show(row, "running");
      const answer = await send(method, address, form, (share) => {
        row.querySelector(".bar").value = share;
        row.querySelector(".percent").textContent = `${Math.round(share * 100)} %`;
        if (share === 1) show(row, "checked");
      });
      if (answer.status !== 429 || tries === MOST_WAITS) return answer;
      show(row, "waiting");
      await pause(answer.wait);
    }
  }

  function show(row, state) {
    row.dataset.state = state;
  }

  function refuse(row, why) {
    show(row, "failed");
    row.querySelector(".why").textContent = why;
  }

  // Send one file and write into its row what came of it; return the document, or nothing if it was refused.
  async function deliver(method, address, form, row, words) {
    if (form.get("file").size > Number(words.mostBytes)) return refuse(row, words.tooLarge);
    const answer = await sendPatiently(method, address, form, row);
    if (answer.status >= 200 && answer.status < 300) {
      show(row, "completed");
      row.querySelector(".bar").value = 1;
      return answer.body;
    }
    refuse(row, answer.body.detail || words.unreachable);
    link(row, answer.body.documentId, words.page);
  }

  function link(row, id, page) {
    const known = row.querySelector(".known");
    known.hidden = !id || !page;
    if (id && page) known.href = `${page}/${id}`;
  }

  function size(bytes) {
    return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes >= 1000 ? `${(bytes / 1000).toFixed(1)} kB` : `${bytes} B`;
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // The form for new documents on the list page.
  function addDocuments(form) {
    const words = form.dataset;
    const [list, actions] = [form.querySelector("#uploads"), form.querySelector("#add-actions")];
    const [sendButton, summary, input] = [form.querySelector("#send"), form.querySelector("#upload-summary"), form.querySelector("#files")];
    const files = new Map(); // of the rows that are not sent yet
    const unordered = new Set(); // ids of what is taken in and not yet to be processed
    let busy = false;

    function tell() {
      const counted = { done: 0, refused: 0, left: 0 };
      const names = { completed: "done", failed: "refused" };
      for (const row of list.children) counted[names[row.dataset.state] || "left"] += 1;
      const begun = busy || counted.done + counted.refused > 0;
      summary.textContent = begun ? fill(words.summary, counted) : "";
      sendButton.textContent = files.size === 1 ? words.addOne : fill(words.addMany, { n: files.size });
      sendButton.hidden = files.size === 0;
      sendButton.disabled = busy;
      form.querySelector("#clear").disabled = busy;
      list.hidden = actions.hidden = list.children.length === 0;
    }

    function choose(chosen) {
      for (const file of chosen) {
        const row = document.getElementById("upload-row").content.firstElementChild.cloneNode(true);
        const title = document.getElementById("upload-title").content.firstElementChild.cloneNode(true);
        row.querySelector(".name").textContent = file.name;
        row.querySelector(".amount").textContent = size(file.size);
        title.querySelector("input").placeholder = file.name.replace(/\.[^.]*$/, "").replace(/[_-]+/g, " ");
        title.querySelector("button").setAttribute("aria-label", fill(words.leaveOut, { name: file.name }));
        row.querySelector(".row").after(title);
        files.set(row, file);
        list.append(row);
      }
      tell();
    }

    async function sendOne(row, file) {
      const body = new FormData();
      for (const name of ["realm", "language", "licence"]) body.set(name, form.elements[name].value);
      body.set("title", row.querySelector(".title").value);
      body.set("start", "false");
      body.set("file", file);
      row.querySelector(".chosen").remove();
      const taken = await deliver("POST", form.action, body, row, words);
      if (!taken) return;
      unordered.add(taken.id);
      link(row, taken.id, words.page);
    }

    async function order(options = {}) {
      const documents = [...unordered].slice(0, Number(words.mostDocuments));
      if (documents.length === 0) return;
      documents.forEach((id) => unordered.delete(id));
      const body = JSON.stringify({ documents });
      const answer = await fetch(words.process, { method: "POST", headers: { "Content-Type": "application/json" }, body, ...options });
      if (!answer.ok) summary.textContent = (await answer.json()).detail;
      if (!options.keepalive) await order();
    }

    async function sendAll() {
      busy = true;
      tell();
      while (files.size > 0) {
        const [row, file] = files.entries().next().value;
        files.delete(row);
        await sendOne(row, file);
        tell();
      }
      busy = false;
      tell();
      await order();
      htmx.trigger("#results", "refresh");
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!busy && files.size > 0) sendAll();
    });
    input.addEventListener("change", () => {
      choose(input.files);
      input.value = ""; // so that the same file can be chosen again
    });
    form.addEventListener("click", (event) => {
      const row = event.target.closest(".leave-out")?.closest(".upload");
      if (row) {
        files.delete(row);
        row.remove();
      } else if (event.target.id === "clear") {
        files.clear();
        list.replaceChildren();
      } else return;
      tell();
      input.focus();
    });

    // Files may be dropped anywhere on the page; the zone says so while they are over it.
    const over = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!over(event)) return;
      event.preventDefault();
      form.classList.add("over");
    });
    document.addEventListener("dragleave", (event) => !event.relatedTarget && form.classList.remove("over"));
    document.addEventListener("drop", (event) => {
      if (!over(event)) return;
      event.preventDefault();
      form.classList.remove("over");
      choose(event.dataTransfer.files);
    });
    // Who leaves while files are sent: what is taken in by then is processed all the same.
    window.addEventListener("pagehide", () => order({ keepalive: true }));
    window.addEventListener("beforeunload", (event) => busy && event.preventDefault());
  }

  // The dialog that replaces a document's file.
  async function replaceFile(form) {
    const [row, button] = [form.querySelector(".upload"), form.querySelector("button.primary")];
    const file = form.elements.file.files[0];
    const body = new FormData();
    body.set("file", file);
    row.querySelector(".name").textContent = file.name;
    row.querySelector(".amount").textContent = size(file.size);
    row.querySelector(".why").textContent = "";
    row.parentElement.hidden = false;
    button.disabled = true;
    const taken = await deliver("PUT", form.action, body, row, form.dataset);
    button.disabled = false;
    if (taken) window.location.assign(form.dataset.live);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("add");
    if (form) addDocuments(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "replace") return;
    event.preventDefault();
    replaceFile(event.target);
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-empty]");
    if (closer) document.getElementById(closer.dataset.empty).replaceChildren();
  });
})();
