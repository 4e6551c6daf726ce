"use strict";
// A form that somebody has filled in is sent only where it arrives: a page that cannot be reached, or that asks for the password
// first, would take its place and all that is typed. What htmx sends leaves the page standing by itself.
(() => {
  const WAIT_MS = 10000;
  const offline = document.getElementById("offline"), unsent = document.getElementById("unsent");
  const out = document.getElementById("signed-out");
  const looked = new WeakSet();

  const refuse = () => {
    offline.hidden = unsent.hidden = false;
    return false;
  };
  // The count of notices is the least that answers only whom it knows.
  const arrives = async () => {
    try {
      const answer = await fetch("/me/notices/count", {
        headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(WAIT_MS),
      });
      if (!answer.ok) return refuse();
      out.hidden = answer.headers.get("HX-Trigger") !== "signed-out";
      return out.hidden;
    } catch {
      return refuse();
    }
  };
  addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post" || form.dataset.sent || looked.delete(form)) return;
    const losesWords = form.hasAttribute("data-dirty") && !form.hasAttribute("hx-post");
    if (navigator.onLine && !(out && losesWords)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!navigator.onLine) return refuse();
    if (form.dataset.looking) return;
    form.dataset.looking = "";
    submitter?.setAttribute("aria-busy", "true");
    const fine = await arrives();
    delete form.dataset.looking;
    submitter?.removeAttribute("aria-busy");
    if (!fine) return;
    looked.add(form);
    form.requestSubmit(submitter);
  }, true);
  // A form that was refused is not sent again by going back to it or loading the page anew: the page is then the form afresh.
  const { form: afresh } = document.body.dataset;
  if (afresh) history.replaceState(null, "", afresh);
  addEventListener("online", () => { unsent.hidden = true; });
})();
