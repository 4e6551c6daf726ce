"use strict";
// A new urgent need on an open desk does not slip in among the rows: a line above them and the tab's title say that it came.
(() => {
  const board = document.getElementById("board");
  const news = document.getElementById("urgent-news");
  if (!board || !news) return;
  const title = document.title;
  const urgent = () => [...board.querySelectorAll(".need-row-grave .need-link")];
  const known = new Set(urgent().map((each) => each.pathname));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== board) return;
    const fresh = urgent().filter((each) => !known.has(each.pathname));
    if (!fresh.length) return;
    fresh.forEach((each) => known.add(each.pathname));
    news.textContent = "刚来了紧急需求：";
    fresh.forEach((each) => {
      const link = document.createElement("a");
      link.href = each.href;
      link.textContent = each.querySelector(".need-words").textContent;
      news.append(link, " ");
    });
    news.hidden = false;
    document.title = `● 紧急 · ${title}`;
  });
  // Whoever does something here has seen it.
  ["pointerdown", "keydown"].forEach((what) => document.addEventListener(what, () => { document.title = title; }));
})();
