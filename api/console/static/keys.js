"use strict";
// One key: `data-key` on a button, a link or a field presses or enters it, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  // Escape leaves the field, so that keys are keys again.
  if (typing && event.key === "Escape" && !event.isComposing) typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("input")) wanted.focus();
  else wanted.click();
});
