"use strict";
// A box beside a password shows what is typed; it is not sent along, and hidden again when one comes back.
(() => {
  document.querySelectorAll("[data-shows]").forEach((box) => {
    const field = document.getElementById(box.dataset.shows);
    const show = () => { field.type = box.checked ? "text" : "password"; };
    box.addEventListener("change", show);
    addEventListener("pageshow", () => { box.checked = false; show(); });
  });
})();
