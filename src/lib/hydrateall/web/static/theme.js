// Airflow keeps the reader's theme in localStorage, which its frames share: "light", "dark", "system" or nothing.
"use strict";
(() => {
  const apply = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("theme");
    } catch {
      // Storage is closed to this frame: the system's preference counts.
    }
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
    document.documentElement.classList.toggle("framed", window.self !== window.top);
  };
  apply();
  window.addEventListener("storage", apply);
})();
