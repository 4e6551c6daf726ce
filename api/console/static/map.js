"use strict";
// The map beside a table: every row of the table that has a place is two circles, what waits and who could help; drawn anew with it.
(() => {
  const box = document.getElementById("map");
  if (!box || !window.L) return;
  const map = L.map(box, { attributionControl: true, zoomControl: true, keyboard: true }).setView([30.6, 114.3], 10);
  map.attributionControl.setPrefix("Leaflet");
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { attribution: escaped(box.dataset.attribution), maxZoom: 18 }).addTo(map);
  map.zoomControl.getContainer().querySelectorAll("a").forEach((each, place) => {
    each.title = place ? "缩小" : "放大";
    each.setAttribute("aria-label", each.title);
  });

  function escaped(text) {
    const element = document.createElement("span");
    element.textContent = text;
    return element.innerHTML;
  }

  const radius = (count, of, largest) => (count ? 5 + (largest - 5) * Math.sqrt(count / of) : 0);

  // Words are set as text: a name is never markup.
  const told = (row) => {
    const { name, waiting, overdue, providers, href } = row.dataset;
    const element = document.createElement("div");
    const link = document.createElement("a");
    link.href = href;
    link.textContent = "看这里的需求";
    const lines = [name, `没办完 ${waiting} 条${Number(overdue) ? `，超时 ${overdue} 条` : ""}`, `能帮忙的 ${providers} 位`];
    lines.forEach((line, place) => {
      const part = document.createElement(place ? "p" : "strong");
      part.textContent = line;
      element.append(part);
    });
    element.append(link);
    return element;
  };

  // A name stands beside its place and can be pressed like it: round about, for places lie upon each other.
  const SIDES = ["top", "bottom", "right", "left"];
  const APART = [[0, -14], [0, 14], [14, 0], [-14, 0]];
  const label = (name, at, place, circle) => {
    const words = document.createElement("span");
    words.textContent = name;
    words.addEventListener("click", () => circle?.openPopup());
    L.tooltip({ permanent: true, interactive: true, direction: SIDES[place % 4], offset: APART[place % 4], className: "map-name" })
      .setLatLng(at).setContent(words).addTo(drawn);
  };
  const drawn = L.layerGroup().addTo(map);
  const draw = () => {
    const open = drawn.getLayers().find((each) => each.isPopupOpen())?.options.name;
    const rows = [...document.querySelectorAll("tr[data-lng]")];
    const most = (name) => Math.max(1, ...rows.map((row) => Number(row.dataset[name])));
    const [mostWaiting, mostProviders] = [most("waiting"), most("providers")];
    drawn.clearLayers();
    return rows.map((row, place) => {
      const { lat, lng, name, waiting, providers } = row.dataset;
      const at = [Number(lat), Number(lng)];
      const circles = [
        { count: Number(providers), of: mostProviders, largest: 30, look: { color: "#1b5fc1", weight: 2, fillOpacity: 0.08 } },
        { count: Number(waiting), of: mostWaiting, largest: 18, look: { color: "#9d1c22", weight: 1, fillColor: "#c0272d", fillOpacity: 0.75 } },
      ].filter((each) => each.count).map((each) =>
        L.circleMarker(at, { ...each.look, name, radius: radius(each.count, each.of, each.largest) }).bindPopup(() => told(row)).addTo(drawn));
      if (name === open) circles.at(-1)?.openPopup();
      if (Number(waiting) || (rows.length <= 12 && circles.length)) label(name, at, place, circles.at(-1));
      return at;
    });
  };
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.querySelector("tr[data-lng]")) draw(); });
  const places = draw();
  if (places.length) map.fitBounds(places, { padding: [30, 30], maxZoom: 15 });
})();
