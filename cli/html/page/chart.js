// SPDX-License-Identifier: BSD-2-Clause
// Charts: Chart.js in the page's colours, for light, dark and paper, each with a text beside it.
//
// Chart.js is Copyright (c) 2014-2022 Chart.js Contributors, under this licence (MIT):
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
// associated documentation files (the "Software"), to deal in the Software without restriction,
// including without limitation the rights to use, copy, modify, merge, publish, distribute,
// sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
// furnished to do so, subject to the following conditions:
//
// The above copyright notice and this permission notice shall be included in all copies or
// substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
// NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
// NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
// OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
// CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
'use strict';

const DARK = window.matchMedia('(prefers-color-scheme: dark)');
const charts = [];

/** Colours that differ for all kinds of colour vision (Okabe and Ito), lighter on dark. */
const PALETTES = {
  light: {
    series: ['#0072b2', '#d55e00', '#009e73', '#b3589a', '#a87400', '#3a8fc4', '#4d4d4d', '#7a3b00'],
    text: '#3a3f47', grid: '#dfe3e8', ground: '#ffffff',
  },
  dark: {
    series: ['#56b4e9', '#f0863a', '#2bc79a', '#de9ac5', '#e6b93c', '#9ad0f5', '#c9ced6', '#b98a5e'],
    text: '#c9ced6', grid: '#353b44', ground: '#1b1f24',
  },
};
const POINTS = ['circle', 'rectRot', 'triangle', 'rect', 'crossRot', 'star'];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

function palette(printing) {
  return DARK.matches && !printing ? PALETTES.dark : PALETTES.light;
}

function translucent(colour, alpha) {
  return colour + Math.round(alpha * 255).toString(16).padStart(2, '0');
}

/** Error bars: points of a dataset may have `low` and `high` beside `y`. */
const whiskers = {
  id: 'whiskers',
  afterDatasetsDraw(chart) {
    const { ctx, scales, chartArea } = chart;
    chart.data.datasets.forEach((dataset, index) => {
      if (!dataset.whiskers || !chart.isDatasetVisible(index)) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left - 6, chartArea.top, chartArea.width + 12, chartArea.height);
      ctx.clip();
      ctx.strokeStyle = dataset.borderColor;
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      chart.getDatasetMeta(index).data.forEach((element, i) => {
        const { low, high } = dataset.data[i];
        if (!known(low) || !known(high) || low === high) return;
        const [top, bottom] = [scales.y.getPixelForValue(high), scales.y.getPixelForValue(low)];
        ctx.moveTo(element.x, top);
        ctx.lineTo(element.x, bottom);
        for (const y of [top, bottom]) {
          ctx.moveTo(element.x - 4, y);
          ctx.lineTo(element.x + 4, y);
        }
      });
      ctx.stroke();
      ctx.restore();
    });
  },
};
Chart.register(whiskers);

function axis(colours, title, more) {
  return {
    ...more,
    title: { display: Boolean(title), text: title, color: colours.text },
    ticks: { color: colours.text, maxRotation: 0, autoSkipPadding: 12, ...(more && more.ticks) },
    grid: { color: colours.grid, ...(more && more.grid) },
  };
}

/** Options that all charts share. */
function commonOptions(colours, { x, y, tooltip, legend }) {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    scales: { x, y },
    plugins: {
      legend: {
        display: true, position: 'bottom', align: 'start',
        labels: { color: colours.text, usePointStyle: true, boxWidth: 10, boxHeight: 8, ...legend },
      },
      tooltip: { callbacks: tooltip || {} },
    },
  };
}

/**
 * A figure with a chart. `build(colours)` makes the Chart.js configuration; `summary` says in a
 * sentence what is to be seen, for those who do not see it; `beside` is a table of the same numbers,
 * or the words that say where it is. Returns { element, update({ title, summary, height }) }.
 */
function chartFigure({ title, summary, height, build, beside }) {
  const canvas = el('canvas', { role: 'img' });
  const frame = el('div', { class: 'chart' }, canvas);
  const heading = el('span', { class: 'title' });
  const words = el('span', { class: 'summary' });
  const element = el('figure', {}, el('figcaption', {}, heading, words), frame,
    typeof beside === 'string' ? el('p', { class: 'note' }, beside) : beside);
  const entry = { canvas, frame, build, chart: null };
  const describe = (next) => {
    heading.textContent = next.title;
    words.textContent = next.summary;
    canvas.setAttribute('aria-label', `${next.title}. ${next.summary}`);
    frame.style.height = `${next.height}px`;
  };
  describe({ title, summary, height });
  charts.push(entry);
  return {
    element,
    update: (next) => {
      describe(next);
      drawChart(entry, false);
    },
  };
}

function drawChart(entry, printing) {
  if (entry.chart) entry.chart.destroy();
  entry.chart = new Chart(entry.canvas, entry.build(palette(printing)));
}

/** To be called once the figures are in the page. */
function drawCharts(printing = false) {
  for (const entry of charts) drawChart(entry, printing);
}

DARK.addEventListener('change', () => drawCharts());
window.addEventListener('beforeprint', () => {
  drawCharts(true);
  for (const { chart, frame } of charts) chart.resize(660, frame.clientHeight);
});
window.addEventListener('afterprint', () => drawCharts());

const LETTER = 6.5;  // px, of an axis, on the wide side

/** A name of a category in at most two fifths of the chart's width; its ends say the most. */
function fitting(name, chart) {
  const most = Math.max(8, Math.floor((0.4 * chart.width) / LETTER));
  if (name.length <= most) return name;
  const tail = Math.ceil((most - 1) / 2);
  return `${name.slice(0, most - 1 - tail)}…${name.slice(-tail)}`;
}

/** Ticks of a logarithmic axis at 1, 2 and 5, or at powers of ten, or at fewer: as there is room. */
function logTicks(scale) {
  const decades = Math.log10(scale.max / scale.min);
  const room = Math.max(2, scale.chart.width * 0.55 / 62);
  const steps = [[1, 2, 5], [1, 3], [1]].find((candidate) => candidate.length * decades <= room) || [1];
  const every = Math.max(1, Math.ceil(decades / room));
  const first = Math.floor(Math.log10(scale.min) + 1e-9);
  const ticks = [];
  for (let exponent = first; 10 ** exponent <= scale.max; exponent += every) {
    for (const step of steps) {
      const value = step * 10 ** exponent;
      if (value >= scale.min * 0.999 && value <= scale.max) ticks.push({ value });
    }
  }
  scale.ticks = ticks;
}

/** Horizontal bars, stacked or side by side. series: [{ label, values }], one value a category. */
function barConfig(colours, { categories, series, stacked, format, axisTitle, log, max }) {
  const scale = {
    stacked, max, ticks: { callback: (value) => format(value) },
    beforeBuildTicks: ({ chart, options }) => {
      options.ticks.maxTicksLimit = Math.min(8, Math.max(3, Math.floor((0.55 * chart.width) / 58)));
    },
  };
  if (log) {
    // From the power of ten below the least value on, or that one would have a bar of no length.
    const least = Math.min(...series.flatMap((item) => item.values).filter((value) => value > 0));
    scale.min = 10 ** Math.floor(Math.log10(least * 0.99));
    scale.afterBuildTicks = logTicks;
  }
  return {
    type: 'bar',
    data: {
      labels: categories,
      datasets: series.map((item, index) => ({
        label: item.label,
        data: item.values,
        backgroundColor: colours.series[(item.colour ?? index) % colours.series.length],
        borderColor: colours.ground,
        borderWidth: stacked ? 1 : 0,
      })),
    },
    options: {
      ...commonOptions(colours, {
        x: axis(colours, axisTitle, { ...scale, type: log ? 'logarithmic' : 'linear' }),
        y: axis(colours, '', { stacked, grid: { display: false }, ticks: {
          autoSkip: false, callback(value) { return fitting(this.getLabelForValue(value), this.chart); } } }),
        tooltip: { label: (item) => `${item.dataset.label}: ${format(item.raw)}` },
      }),
      indexAxis: 'y',
    },
  };
}

/** A height that leaves room for every category of horizontal bars. */
function barHeight(categories, seriesSideBySide = 1) {
  return 120 + categories * Math.max(24, 12 * seriesSideBySide + 8);
}
