// What the server cannot do: times in the reader's zone, polling, dialogs, links out of Airflow's frame, keys of a grid.
"use strict";
(() => {
  const language = document.documentElement.lang || "en";
  const styles = {
    short: { dateStyle: "medium", timeStyle: "short" },
    time: { timeStyle: "medium" },
    full: { dateStyle: "full", timeStyle: "long" },
  };
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

  function ago(at) {
    const seconds = (at - Date.now()) / 1000;
    const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) || ["second", 1];
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
  }

  function writeTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const style = time.dataset.style || "short";
      const text = style === "ago" ? ago(at) : new Intl.DateTimeFormat(language, styles[style] || styles.short).format(at);
      if (time.textContent !== text) time.textContent = text;
      time.title = new Intl.DateTimeFormat(language, styles.full).format(at);
    }
  }

  // <div data-poll="2" hx-trigger="poll" …>: every 2 s while the page is seen, every 20 s while it is hidden. The server
  // leaves the attribute out when there is nothing more to come.
  const asked = new WeakMap();
  function poll() {
    for (const place of document.querySelectorAll("[data-poll]")) {
      const pause = Number(place.dataset.poll) * (document.hidden ? 10 : 1) * 1000;
      if (!asked.has(place)) asked.set(place, Date.now());
      if (Date.now() - asked.get(place) < pause || place.classList.contains("htmx-request")) continue;
      asked.set(place, Date.now());
      htmx.trigger(place, "poll");
    }
  }

  // A frame of Airflow may not navigate the window around it, but may follow a link of that window's own document.
  function leaveFrame(event) {
    const link = event.target.closest("a[data-leave]");
    if (!link || window.self === window.top || event.ctrlKey || event.metaKey) return;
    const outside = window.top.document.createElement("a");
    outside.href = link.href;
    window.top.document.body.append(outside);
    outside.click();
    outside.remove();
    event.preventDefault();
  }

  function openDialog(event) {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.matches("dialog")) event.target.close(); // a click beside it
  }

  // What is swapped into a dialog opens it; a form in it that says so closes it, whatever came of it.
  function showDialog(event) {
    const dialog = event.target.closest?.("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }
  function closeDialog(event) {
    if (event.target.matches?.("form[data-closes]")) event.target.closest("dialog")?.close();
  }

  // <table data-grid>: one stop of the tab key, the arrows move between its cells.
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  function moveInGrid(event) {
    const step = steps[event.key];
    const cell = event.target.closest?.("[data-grid] [data-row]");
    if (!step || !cell) return;
    const [row, column] = [Number(cell.dataset.row) + step[0], Number(cell.dataset.column) + step[1]];
    const next = cell.closest("[data-grid]").querySelector(`[data-row="${row}"][data-column="${column}"]`);
    if (!next) return;
    event.preventDefault();
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  function clearNotices(event) {
    const notices = document.getElementById("notices");
    if (event.detail.successful && notices?.querySelector("[data-error]")) notices.replaceChildren();
  }

  document.addEventListener("DOMContentLoaded", () => {
    writeTimes(document);
    setInterval(poll, 250);
    setInterval(() => writeTimes(document), 10000);
  });
  document.addEventListener("htmx:afterSettle", (event) => writeTimes(event.target.isConnected ? event.target : document));
  document.addEventListener("htmx:afterSwap", () => writeTimes(document));
  document.addEventListener("htmx:afterSwap", showDialog);
  document.addEventListener("htmx:afterRequest", clearNotices);
  document.addEventListener("htmx:afterRequest", closeDialog);
  document.addEventListener("click", leaveFrame);
  document.addEventListener("click", openDialog);
  document.addEventListener("keydown", moveInGrid);
})();
