"use strict";
// Sliders: each moves its number and its number moves it; shares and the sum follow. What is sent is the number.
(() => {
  document.querySelectorAll("[data-sliders]").forEach((box) => {
    const rows = [...box.querySelectorAll(".slider")].map((row) => ({
      range: row.querySelector("[type=range]"), number: row.querySelector("[type=number]"), share: row.querySelector(".share"),
    }));
    const value = (row) => Math.max(0, Number(row.number.value) || 0);
    const reckon = () => {
      const total = rows.reduce((sum, row) => sum + value(row), 0);
      rows.forEach((row) => { row.share.textContent = `${total ? Math.round((value(row) / total) * 100) : 0}%`; });
      box.querySelector(".total").textContent = total.toFixed(2);
    };
    rows.forEach((row) => {
      row.range.addEventListener("input", () => { row.number.value = row.range.value; reckon(); });
      row.number.addEventListener("input", () => {
        row.range.max = Math.max(Number(row.range.max), value(row));
        row.range.value = value(row);
        reckon();
      });
    });
  });
})();
