"use strict";
// What pages do by themselves: live refresh, countdowns, the notice that the network is gone, and no form sent twice.
(() => {
  const body = document.body;

  // Live: each notice refreshes what shows the things it is about. Only the page that is looked at holds a stream:
  // a browser keeps six connections to a host, and a clerk has more tabs than that.
  const topicsOf = (notice) => [
    "notices", notice.need_id && "needs", notice.need_id && `need:${notice.need_id}`,
    notice.order_id && "orders", notice.order_id && `order:${notice.order_id}`,
    notice.whistle_id && "whistles", notice.whistle_id && `whistle:${notice.whistle_id}`,
  ].filter(Boolean);
  // What somebody is filling in is not taken from under their hands; the next news or the next page brings it up to date.
  const isWritingIn = (element) => element.querySelector("form[data-dirty], input:focus, textarea:focus, select:focus");
  document.addEventListener("input", (event) => event.target.form?.setAttribute("data-dirty", ""));
  // Nor when a part of a page asks by its own clock; and a question that stands open waits for its answer.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    if (!elt.dataset.live || requestConfig.triggeringEvent) return;
    if (isWritingIn(elt) || elt.querySelector("details[open] form")) event.preventDefault();
  });
  const waiting = new Set();
  let timer = null;
  const renew = () => {
    const asked = new Set(waiting);
    waiting.clear();
    document.querySelectorAll("[data-live]").forEach((element) => {
      const meant = asked.has("*") || element.dataset.live.split(/\s+/).some((topic) => asked.has(topic));
      if (meant && !isWritingIn(element)) element.dispatchEvent(new CustomEvent("live"));
    });
  };
  // The first news at once; what comes in a burst together, a moment later.
  const refresh = (topics) => {
    topics.forEach((topic) => waiting.add(topic));
    if (timer) return;
    renew();
    timer = setTimeout(() => { timer = null; if (waiting.size) refresh([]); }, 400);
  };
  let source = null;
  const listen = () => {
    if (source || !body.dataset.events || document.hidden || !window.EventSource) return;
    source = new EventSource(body.dataset.events);
    source.addEventListener("notice", (event) => refresh(topicsOf(JSON.parse(event.data))));
    source.addEventListener("hello", () => body.setAttribute("data-listening", ""));
    // The browser comes back by itself from a lost connection, but not from a refusal.
    source.addEventListener("error", () => {
      body.removeAttribute("data-listening");
      if (source?.readyState === EventSource.CLOSED) { source = null; setTimeout(listen, 20000); }
    });
  };
  const rest = () => {
    source?.close();
    source = null;
    body.removeAttribute("data-listening");
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) rest();
    else { listen(); refresh(["*"]); }
  });
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => { listen(); if (event.persisted) refresh(["*"]); });

  // Clocks: the same words as the filter `left`.
  const span = (ms) => {
    const minutes = Math.floor(ms / 60000);
    if (minutes >= 2880) return `${Math.floor(minutes / 1440)} 天`;
    if (minutes >= 120) return `${Math.floor(minutes / 60)} 小时`;
    return minutes ? `${minutes} 分钟` : "不到 1 分钟";
  };
  setInterval(() => document.querySelectorAll("time[data-until]").forEach((each) => {
    const left = Date.parse(each.dataset.until) - Date.now();
    const words = left > 0 ? `还剩 ${span(left)}` : `已超时 ${span(-left)}`;
    if (each.textContent !== words) each.textContent = words;
    each.classList.toggle("clock-over", left <= 0);
  }), 1000);

  // Offline, and back.
  const banner = document.getElementById("offline");
  const showNetwork = () => { banner.hidden = navigator.onLine; if (navigator.onLine) refresh(["*"]); };
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
  listen();
})();
