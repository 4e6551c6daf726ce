"use strict";
// What pages do by themselves: countdowns, the notice that the network is gone, and no form sent twice. News: live.js.
(() => {
  const body = document.body;

  // Clocks: the same words as the filter `left`.
  const span = (ms) => {
    const minutes = Math.floor(ms / 60000);
    if (minutes >= 2880) return `${Math.floor(minutes / 1440)} 天`;
    if (minutes >= 120) return `${Math.floor(minutes / 60)} 小时`;
    if (minutes >= 100) return "约 2 小时";
    return minutes ? `${minutes} 分钟` : "不到 1 分钟";
  };
  setInterval(() => document.querySelectorAll("time[data-until]").forEach((each) => {
    const left = Date.parse(each.dataset.until) - Date.now();
    const words = (left > 0 ? `还剩 ${span(left)}` : `已超时 ${span(-left)}`).replace(/ (不到|约)/, "$1");
    if (each.textContent !== words) each.textContent = words;
    each.classList.toggle("clock-over", left <= 0);
  }), 1000);

  // Offline, and back.
  const banner = document.getElementById("offline");
  const showNetwork = () => { banner.hidden = navigator.onLine; };
  addEventListener("offline", showNetwork);
  addEventListener("online", showNetwork);
  banner.hidden = navigator.onLine;
  body.addEventListener("htmx:sendError", () => { banner.hidden = false; });
  body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) banner.hidden = true; });

  // Signed out elsewhere: to the sign-in page, unless that would throw away what is typed; then in words, until one is in again.
  const out = document.getElementById("signed-out");
  body.addEventListener("signed-out", () => {
    if (document.querySelector("form[data-dirty]")) out.hidden = false;
    else location.assign("/login");
  });
  body.addEventListener("htmx:afterSwap", () => { if (out) out.hidden = true; });

  // A form goes once: what was sent is not sent again until the page is another or was come back to.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((each) => each.removeAttribute("aria-busy"));
  }));

  // Open menus close with Escape or a click elsewhere.
  const close = (but) => document.querySelectorAll("details.menu[open], details.tab-more[open]").forEach((each) => {
    if (!but || !each.contains(but)) each.open = false;
  });
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(null); });
  // Where a form is filled in while somebody speaks, Enter sends it; not the one that chooses a character of Chinese input.
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || target.dataset?.enter !== "submit") return;
    event.preventDefault();
    target.form.requestSubmit();
  });
  document.getElementById("problem")?.focus();
})();
