"use strict";
// News: each notice refreshes what shows the things it is about, and so does each touch of what the page shows.
(() => {
  const body = document.body;
  const topicsOf = (notice) => [
    "notices", notice.need_id && "needs", notice.need_id && `need:${notice.need_id}`,
    notice.order_id && "orders", notice.order_id && `order:${notice.order_id}`,
    notice.whistle_id && "whistles", notice.whistle_id && `whistle:${notice.whistle_id}`,
  ].filter(Boolean);

  // What somebody is filling in is not taken from under their hands, and a question that stands open waits for its answer:
  // that part of the page is stale until they are done.
  const BUSY = "form[data-dirty], input:focus, textarea:focus, select:focus, details[open]:not([hx-preserve]) form";
  const stale = new Set();
  // What is pressed at this moment stays, too: a button that is another one when the finger leaves it was never pressed.
  let pressed = false;
  const isBusy = (element) => {
    if (!pressed && !element.querySelector(BUSY)) return false;
    stale.add(element);
    return true;
  };
  const bring = (element) => {
    if (isBusy(element)) return;
    stale.delete(element);
    element.dispatchEvent(new CustomEvent("live"));
  };
  const unstale = () => setTimeout(() => stale.forEach((element) => (element.isConnected ? bring(element) : stale.delete(element))));
  document.addEventListener("input", (event) => event.target.form?.setAttribute("data-dirty", ""));
  document.addEventListener("toggle", unstale, true);
  document.addEventListener("focusout", unstale);
  addEventListener("pointerdown", () => { pressed = true; }, true);
  ["pointerup", "pointercancel"].forEach((name) => addEventListener(name, () => setTimeout(() => { pressed = false; unstale(); }), true));

  // The first news at once; what comes in a burst together, a moment later: the longer an answer takes, the more seldom one asks.
  const waiting = new Set();
  let timer = null;
  let took = 0;
  const renew = () => {
    const asked = new Set(waiting);
    waiting.clear();
    document.querySelectorAll("[data-live]").forEach((element) => {
      if (asked.has("*") || element.dataset.live.split(/\s+/).some((topic) => asked.has(topic))) bring(element);
    });
  };
  const refresh = (topics) => {
    topics.forEach((topic) => waiting.add(topic));
    if (timer) return;
    renew();
    timer = setTimeout(() => { timer = null; if (waiting.size) refresh([]); }, Math.max(400, 4 * took));
  };
  document.addEventListener("htmx:beforeRequest", (event) => { event.detail.elt.askedAt = performance.now(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt } = event.detail;
    if (elt.dataset.live) took = Math.min(5000, performance.now() - elt.askedAt);
  });

  // Nor by an answer that was asked for before they began. Who stands on a link with the keyboard, or has opened a part to read it,
  // finds both as they were.
  const place = (element) => (element.hasAttribute("href") ? `a[href="${CSS.escape(element.getAttribute("href"))}"]` : element.id && `#${CSS.escape(element.id)}`);
  const toRead = (target) => [...target.querySelectorAll("details")].filter((each) => !each.querySelector("form"));
  const words = (details) => details.firstElementChild.textContent;
  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (requestConfig.triggeringEvent?.type === "live" && isBusy(target)) event.detail.shouldSwap = false;
    const focused = target.dataset.live && target.contains(document.activeElement) && place(document.activeElement);
    kept = target.dataset.live ? { target, focused, open: toRead(target).filter((each) => each.open).map(words) } : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!kept) return;
    const { target, focused, open } = kept;
    toRead(target).filter((each) => open.includes(words(each))).forEach((each) => { each.open = true; });
    if (focused) target.querySelector(focused)?.focus({ preventScroll: true });
    kept = null;
  });

  // Only the page that is looked at holds a stream: a browser keeps six connections to a host, and a clerk has more tabs than that.
  // The first stream tells what has happened since the page was made; after a break nobody knows, and all is asked for, once,
  // also where one is refused.
  let source = null;
  let missed = false;
  let owed = false;
  const isListening = () => body.hasAttribute("data-listening");
  const deaf = () => {
    missed = true;
    owed ||= isListening();
    body.removeAttribute("data-listening");
  };
  const lookAgain = () => {
    owed = false;
    refresh(["*"]);
  };
  const listen = () => {
    if (source || document.hidden || !window.EventSource) return;
    source = new EventSource(missed ? body.dataset.events.replace(/since=\d+$/, "") : body.dataset.events);
    source.addEventListener("notice", (event) => refresh(topicsOf(JSON.parse(event.data))));
    source.addEventListener("touched", (event) => refresh([JSON.parse(event.data).topic]));
    source.addEventListener("hello", () => {
      body.setAttribute("data-listening", "");
      if (missed) lookAgain();
      missed = false;
    });
    // The browser comes back by itself from a lost connection, but not from a refusal.
    source.addEventListener("error", () => {
      deaf();
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      if (owed) lookAgain();
      setTimeout(listen, 20000);
    });
  };
  const rest = () => {
    deaf();
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  addEventListener("online", () => refresh(["*"]));
  // Where there is no stream, a slow clock; and a still slower one for what grows old though nobody does anything.
  let minutes = 0;
  setInterval(() => {
    if (document.hidden) return;
    minutes += 1;
    if (!isListening()) refresh(["*"]);
    else if (minutes % 5 === 0) refresh(["clock"]);
  }, 60000);
  listen();
})();
