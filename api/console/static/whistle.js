"use strict";
// Typing a few characters leaves only the units whose names have them; what is ticked stays in sight.
(() => {
  document.addEventListener("input", (event) => {
    if (event.target.id !== "find-unit") return;
    const wanted = event.target.value.trim();
    document.querySelectorAll("#callable details").forEach((group) => {
      const rows = [...group.querySelectorAll(".form-check")];
      rows.forEach((row) => { row.hidden = !row.textContent.includes(wanted) && !row.querySelector(":checked"); });
      const seen = rows.filter((row) => !row.hidden).length;
      group.hidden = !seen;
      if (wanted && seen) group.open = true;
    });
  });
  const show = () => document.getElementById("find-unit")?.closest("[hidden]")?.removeAttribute("hidden");
  document.addEventListener("htmx:afterSwap", show);
  show();
})();
