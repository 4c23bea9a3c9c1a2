// The button works for the estimate on the screen only: every change takes it away until the new estimate is there.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("start");
  const changed = () => {
    const button = document.getElementById("go");
    if (button) button.disabled = true;
    document.getElementById("estimate").setAttribute("aria-busy", "true");
    htmx.trigger(form, "estimate");
  };
  form.addEventListener("input", changed);
  // The selects after the changed one may have been filled anew, or chosen for the reader.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "choice") changed();
  });
});
