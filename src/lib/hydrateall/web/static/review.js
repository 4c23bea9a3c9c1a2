// The keys of the review pages: a letter presses what names it in data-key; on the list, j and k move between items.
"use strict";
(() => {
  const KEPT = "hydrateall-review-keys";
  const stored = () => {
    try {
      return localStorage.getItem(KEPT) !== "off";
    } catch {
      return true; // storage is closed to this frame
    }
  };
  let on = stored();

  function move(key) {
    const items = [...document.querySelectorAll("[data-item]")];
    const at = items.indexOf(document.activeElement);
    const next = key === "j" ? Math.min(at + 1, items.length - 1) : Math.max(at - 1, 0);
    items[next]?.focus();
    return items.length > 0;
  }

  function press(event) {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, select, textarea, dialog") || document.querySelector("dialog[open]")) return;
    if ((event.key === "j" || event.key === "k") && move(event.key)) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target || target.disabled) return;
    event.preventDefault();
    target.click();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("keys-on");
    box.checked = on;
    box.addEventListener("change", () => {
      on = box.checked;
      try {
        localStorage.setItem(KEPT, on ? "on" : "off");
      } catch {
        // It counts for this page only.
      }
    });
  });
  document.addEventListener("keydown", press);
})();
