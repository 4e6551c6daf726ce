"use strict";
// What a part of a page asked for and did not get is said where it was to be shown; what stands there, typed or read, stays.
(() => {
  const prepared = document.getElementById("failures").content;
  const ready = (name) => prepared.querySelector(`[data-of="${name}"]`).cloneNode(true);
  const sent = (text) => {
    const box = document.createElement("template");
    box.innerHTML = text;
    return box.content.firstElementChild ?? ready("silent");
  };
  const former = (target) => target.querySelector(":scope > .failed");
  const again = ({ elt, target, requestConfig }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "再试一次" });
    button.addEventListener("click", () => htmx.ajax("GET", requestConfig.path, { source: elt, target }));
    return button;
  };
  const say = (detail, notice) => {
    const { elt, target, requestConfig } = detail;
    // The bell has no room for words; and who listens is told once, not at every round of a clock.
    if (!target || elt.dataset.quiet !== undefined || former(target)?.dataset.said === notice.textContent) return;
    former(target)?.remove();
    notice.dataset.said = notice.textContent;
    if (requestConfig.verb === "get") notice.append(again({ elt, target, requestConfig }));
    target.prepend(notice);
  };
  const { body } = document;
  body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status < 400) return;
    const kind = detail.xhr.getResponseHeader("Sandan-Page");
    // A page of ours that says beside its fields what is wrong with them.
    if (kind === "page") return;
    detail.shouldSwap = false;
    detail.isError = true;
    say(detail, kind === "problem" ? sent(detail.xhr.responseText) : ready("silent"));
  });
  body.addEventListener("htmx:timeout", ({ detail }) => say(detail, ready("slow")));
  // What refreshes itself is silent about a lost network: the bar at the top speaks for the whole page.
  body.addEventListener("htmx:sendError", ({ detail }) => { if (!detail.elt.dataset.live) say(detail, ready("lost")); });
  body.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful && detail.target) former(detail.target)?.remove(); });
})();
