// SPDX-License-Identifier: BSD-2-Clause
// The page of a timed search: how wide the window of a race is, and where in the copy.
'use strict';

const { report } = DATA;
const { copies, probability } = report;
const steps = copies[0].hit.length;
const tries = steps * copies.length;
const hits = copies.reduce((sum, copy) => sum + hitsOf(copy), 0);
const MOST_COPIES = 40;  // drawn
const MOST_BARS = 50;

function hitsOf(copy) {
  return copy.hit.filter(Boolean).length;
}

/** "5 % to 10 %": of the copy, from the start of one step to the start of another. */
function partWords(from, to) {
  return `${plain((100 * from) / steps)} % to ${plain((100 * to) / steps)} %`;
}

/** The steps in a row that agree: [[first, behind the last, hit]]. */
function stretches(hit) {
  const found = [];
  hit.forEach((value, index) => {
    const last = found[found.length - 1];
    if (last && last[2] === value) last[1] = index + 1;
    else found.push([index, index + 1, value]);
  });
  return found;
}

function hitWords(copy) {
  return stretches(copy.hit).filter(([, , hit]) => hit).map(([from, to]) => partWords(from, to)).join(', ') || 'nowhere';
}

function copyCount(number) {
  return `${plain(number)} ${number === 1 ? 'copy' : 'copies'}`;
}

/** "± 2.02 µs, 95 %, 5 copies" */
function intervalWords(interval, format) {
  if (!known(interval.half_width)) return 'one copy: no interval';
  return `± ${format(interval.half_width)}, 95 %, ${copyCount(interval.n)}`;
}

function leadPart() {
  const words = hits === 0 ? `no violation in ${counted(tries, 'run')}`
    : `a violation in ${plain(hits)} of ${counted(tries, 'run')}`;
  return [
    el('p', {}, verdictBadge(hits === 0 ? 'bounded' : 'violation', words)),
    facts([
      ['Receive algorithm', report.algorithm],
      ['Disturbance moved', report.disturbance],
      ['Copies', plain(copies.length)],
      ['Steps in each', plain(steps)],
      ['Seed', String(report.provenance.seed)],
    ]),
  ];
}

function figuresPart() {
  const exact = (value) => `${value.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} ns`;
  const share = (value) => value.toFixed(3);
  const row = (interval) => [exact(interval.mean), el('small', {}, intervalWords(interval, exact))];
  return section('The window',
    cards([
      ['Window', time(report.window_ns.mean), intervalWords(report.window_ns, time)],
      ['Probability', percent(probability.estimate),
        `95 % from ${percent(probability.lower)} to ${percent(probability.upper)}`],
      ['Copy', time(report.copy_ns.mean), intervalWords(report.copy_ns, time)],
      ['Runs with a violation', `${plain(hits)} of ${plain(tries)}`],
    ]),
    factTable('The same with more digits', [
      ['window', row(report.window_ns), 'The part of a copy in which the violation occurs'],
      ['probability', [share(probability.estimate),
        el('small', {}, `95 % from ${share(probability.lower)} to ${share(probability.upper)}`)],
      'To meet the window, for a moment drawn uniformly from the copy'],
      ['copy', row(report.copy_ns), 'From the start of a read’s first copyout to the end of its last'],
      ['step', exact(report.step_ns), 'How far apart the moments tried are: the window is resolved to it'],
    ]));
}

// ---- Where it strikes ----------------------------------------------------------------------------

function copyTable() {
  return sortableTable({
    caption: 'Copies',
    columns: [
      { title: 'copy', left: true, value: (index) => index, text: (index) => `copy ${index}` },
      { title: 'starts at', value: (index) => copies[index].start_ns, text: (index) =>
        `${(copies[index].start_ns / 1e3).toLocaleString('en', { maximumFractionDigits: 3 })} µs`,
      help: 'Since the start of the run' },
      { title: 'length', value: (index) => copies[index].length_ns, text: (index) => time(copies[index].length_ns) },
      { title: 'window', value: (index) => copies[index].window_ns, text: (index) => time(copies[index].window_ns) },
      { title: 'steps with a violation', value: (index) => hitsOf(copies[index]),
        text: (index) => `${plain(hitsOf(copies[index]))} of ${plain(steps)}` },
      { title: 'where in the copy', left: true, prose: true, value: (index) => hitWords(copies[index]) },
    ],
    rows: [...copies.keys()],
  }).element;
}

/** Each copy as a bar in time, the part where the violation strikes in a colour of its own. */
function copyConfig(colours) {
  const drawn = copies.slice(0, MOST_COPIES);
  const names = drawn.map((copy, index) => `copy ${index}`);
  const bars = (wanted) => drawn.flatMap((copy, index) => stretches(copy.hit).filter(([, , hit]) => hit === wanted)
    .map(([from, to]) => ({ y: names[index], x: [from, to].map((step) => (step * copy.length_ns) / steps) })));
  const config = barConfig(colours, {
    categories: names,
    series: [{ label: 'a violation', values: bars(true) }, { label: 'no violation', values: bars(false) }],
    stacked: false, format: time, axisTitle: 'since the start of the copy',
  });
  const fills = [colours.series[1], translucent(colours.series[6], 0.25)];
  config.data.datasets.forEach((dataset, index) => Object.assign(dataset, { grouped: false, backgroundColor: fills[index] }));
  config.options.plugins.tooltip.callbacks.label = ({ dataset, raw }) =>
    `${dataset.label}: ${time(raw.x[0])} to ${time(raw.x[1])}`;
  return config;
}

function copyFigure() {
  const met = copies.filter((copy) => hitsOf(copy) > 0).length;
  const rest = copies.length > MOST_COPIES ? ` The first ${MOST_COPIES} are drawn.` : '';
  return chartFigure({
    title: 'Where in each copy the violation strikes',
    summary: `A violation in ${plain(met)} of ${copyCount(copies.length)}. ` +
      `Each step stands for its part of the copy, in which one moment was tried.${rest}`,
    height: barHeight(Math.min(copies.length, MOST_COPIES)),
    build: copyConfig,
    beside: copyTable(),
  }).element;
}

/** The steps over all copies, several together when there are many. */
function parts() {
  const together = Math.ceil(steps / MOST_BARS);
  const found = [];
  for (let from = 0; from < steps; from += together) {
    const to = Math.min(from + together, steps);
    const inside = copies.reduce((sum, copy) => sum + copy.hit.slice(from, to).filter(Boolean).length, 0);
    found.push({ from, to, hits: inside, tries: (to - from) * copies.length });
  }
  return found;
}

function partConfig(colours, all) {
  const config = {
    type: 'bar',
    data: {
      labels: all.map(({ from }) => `${plain((100 * from) / steps)} %`),
      datasets: [{ label: 'runs with a violation', data: all.map((part) => part.hits / part.tries),
        backgroundColor: colours.series[1], categoryPercentage: 1, barPercentage: 0.92 }],
    },
    options: commonOptions(colours, {
      x: axis(colours, 'part of the copy, by its start', { grid: { display: false } }),
      y: axis(colours, 'share of runs', { min: 0, max: 1, ticks: { callback: (value) => `${plain(100 * value)} %` } }),
      tooltip: {
        title: ([item]) => `${partWords(all[item.dataIndex].from, all[item.dataIndex].to)} of the copy`,
        label: ({ dataIndex }) => `a violation in ${plain(all[dataIndex].hits)} of ${counted(all[dataIndex].tries, 'run')}`,
      },
    }),
  };
  config.options.plugins.legend.display = false;
  return config;
}

function partFigure() {
  const all = parts();
  const met = all.filter((part) => part.hits > 0);
  const always = met.filter((part) => part.hits === part.tries);
  const summary = met.length === 0 ? 'No moment that was tried met a violation.'
    : `First in the part from ${partWords(met[0].from, met[0].to)}, last in the part from ` +
      `${partWords(met[met.length - 1].from, met[met.length - 1].to)}; in every run in ${plain(always.length)} of ` +
      `${counted(all.length, 'part')}.`;
  const table = sortableTable({
    caption: 'Runs with a violation, by part of the copy',
    columns: [
      { title: 'part of the copy', left: true, value: (part) => part.from, text: ({ from, to }) => partWords(from, to) },
      { title: 'runs', value: (part) => part.tries },
      { title: 'with a violation', value: (part) => part.hits },
      { title: 'share', value: (part) => part.hits / part.tries, text: (part) => percent(part.hits / part.tries) },
    ],
    rows: all,
  });
  return chartFigure({
    title: 'How often it strikes in each part of the copy', summary, height: 280,
    build: (colours) => partConfig(colours, all),
    beside: details('The same as a table', table.element),
  }).element;
}

// ---- The rest ------------------------------------------------------------------------------------

function kindsPart() {
  const rows = Object.entries(report.violations);
  if (rows.length === 0) return section('Violations', el('p', {}, 'No violation occurred in any run.'));
  return section('Violations', sortableTable({
    caption: 'Violations by kind',
    columns: [
      { title: 'kind', left: true, value: ([kind]) => kind },
      { title: 'runs', value: ([, runs]) => runs },
      { title: 'share of runs', value: ([, runs]) => runs / tries, text: ([, runs]) => percent(runs / tries) },
      { title: 'what it means', left: true, prose: true, value: ([kind]) => meaningOf(kind) },
    ],
    rows, sort: 1,
  }).element);
}

function methodPart() {
  return section('How it was measured', el('p', {}, 'Each run simulates the scenario with all its costs. The ' +
    'disturbance is moved over the copy that is under way when it would strike, or over the next one, in equal steps ' +
    'with a drawn offset. Every copy is of an independent run.'),
  el('p', {}, 'The interval of the window is Student’s over the copies; that of the probability is Wilson’s, and ' +
    'rather too wide than too narrow, as the steps are evenly spaced.'));
}

showPage(report.scenario || 'Timed search', leadPart(), [
  figuresPart(), section('Where it strikes', copyFigure(), partFigure()), kindsPart(), methodPart(),
  scenarioSection(DATA.scenario, 'With all defaults filled in and all overrides applied.'),
  provenanceSection(report.provenance, report.provenance.command),
]);
drawCharts();
