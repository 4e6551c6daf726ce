"use strict";
// Draws each picture from the numbers that its element carries. What it says stands in the table below it as well.
(() => {
  const COLOURS = ["#1b5fc1", "#1a7f37", "#b35c00", "#6a4fb3", "#0b7a82", "#a3336b", "#6b5200", "#8b97a3"];
  const INK = "#1c2733", SOFT = "#5a6673", LINE = "#dde2e7";
  const NARROW = 600, ROW = 34, TALL_ROW = 52;
  const font = getComputedStyle(document.body).fontFamily;
  const percent = (share) => `${Math.round(share * 100)}%`;

  // Bars beside each other need room for their names; where there is none they lie, one below the other.
  const liesDown = (chart, width) => chart.form === "rows" || (chart.form === "bar" && chart.share && width < NARROW && chart.labels.length > 4);
  const optionOf = (chart, width) => {
    const lying = liesDown(chart, width), lines = chart.form === "line";
    const say = chart.share ? percent : String;
    const slot = width / Math.max(1, chart.labels.length), regular = !lying && !lines && chart.share;
    const bars = chart.labels.length * (chart.form === "stack" ? 1 : chart.series.length);
    const roomy = width / Math.max(1, bars) > 46;
    const names = {
      type: "category", data: chart.labels, inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } },
      axisLabel: { color: SOFT, fontSize: 13, hideOverlap: !regular, interval: regular ? 0 : "auto",
        width: lying ? width * 0.4 : regular ? slot - 8 : undefined, overflow: "break",
        rotate: !lying && !lines && !regular && chart.labels.length > 6 && slot < 80 ? 35 : 0 },
    };
    const values = {
      type: "value", min: 0, max: chart.share ? 1 : undefined, minInterval: chart.share ? 0.2 : 1,
      splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: SOFT, fontSize: 13, formatter: say },
    };
    return {
      animation: false,
      textStyle: { fontFamily: font, color: INK },
      color: chart.colours.map((number) => COLOURS[number]),
      grid: { left: 8, right: lying ? 40 : 16, top: 24, bottom: 8, containLabel: true },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: chart.series.map((series) => ({
        name: series.name, type: lines ? "line" : "bar", data: series.values, stack: chart.form === "stack" ? "all" : undefined,
        connectNulls: false, showAllSymbol: lines, symbolSize: 7, barMaxWidth: 36, barGap: "10%",
        label: {
          show: chart.form !== "stack" && !lines && (lying || roomy),
          position: lying ? "right" : "top", color: INK, fontSize: 12, formatter: (point) => (point.value || (chart.share && point.value === 0) ? say(point.value) : ""),
        },
      })),
    };
  };

  document.querySelectorAll("[data-chart]").forEach((element) => {
    const chart = JSON.parse(element.dataset.chart);
    element.closest("figure").hidden = false;
    const row = chart.form !== "rows" ? 20 * chart.series.length + 10 : element.clientWidth < NARROW ? TALL_ROW : ROW;
    if (liesDown(chart, element.clientWidth)) element.style.height = `${chart.labels.length * row + 60}px`;
    const drawn = echarts.init(element, null, { renderer: "canvas" });
    const draw = () => { drawn.resize(); drawn.setOption(optionOf(chart, element.clientWidth), true); };
    draw();
    new ResizeObserver(draw).observe(element);
  });
})();
