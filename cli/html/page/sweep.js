// SPDX-License-Identifier: BSD-2-Clause
// The page of a sweep: a metric against a factor, a line a variant, and the table of points.
'use strict';

const { study, factors, points, metrics } = DATA;
const ALL = 'all';
const MOST_LINES = 12;
const isPart = points.length < study.points;
const pointsText = isPart ? `${plain(points.length)} of ${plain(study.points)}` : plain(points.length);

/** What the reader has chosen. `fixed`: one entry a factor, a level's index or ALL. */
const choice = { metric: 0, x: 0, lines: -1, fixed: factors.map(() => ALL), log: false,
  zero: true };

function levelText(factor, point) {
  return factors[factor].levels[point.at[factor]].text;
}

function levelValue(factor, point) {
  const level = factors[factor].levels[point.at[factor]];
  return level.number ?? level.text;
}

function isNumeric(factor) {
  return factors[factor].levels.every((level) => level.number !== null);
}

function chooseWell() {
  const many = factors.map((factor, index) => index).filter((index) => factors[index].levels.length > 1);
  const byLevels = (a, b) => factors[b].levels.length - factors[a].levels.length || a - b;
  const numeric = many.filter(isNumeric).sort(byLevels);
  choice.x = numeric[0] ?? many[0] ?? 0;
  const others = many.filter((index) => index !== choice.x);
  const names = ['variant', 'receive.algorithm'];
  choice.lines = others.find((index) => names.includes(factors[index].name)) ??
    others.find((index) => !isNumeric(index)) ?? others[0] ?? -1;
  for (const index of others) if (index !== choice.lines) choice.fixed[index] = 0;
  const goodput = metrics.findIndex((metric) => metric.path === 'throughput.goodput_gbps');
  choice.metric = Math.max(goodput, 0);
  choice.log = wantsLog(choice.x);
}

/** Whether a factor spans so much that its values would crowd on a linear axis. */
function wantsLog(factor) {
  if (factors.length === 0 || !isNumeric(factor)) return false;
  const numbers = factors[factor].levels.map((level) => level.number);
  return Math.min(...numbers) > 0 && Math.max(...numbers) >= 30 * Math.min(...numbers);
}

/** Indices of the points that the filters let through. */
function shownPoints() {
  return points.map((point, index) => index).filter((index) =>
    choice.fixed.every((level, factor) => level === ALL || points[index].at[factor] === level));
}

/** The lines of the chart: points that agree in all but the factor of the x axis. */
function linesOf(shown) {
  const varying = factors.map((factor, index) => index).filter((index) => index !== choice.x &&
    new Set(shown.map((point) => points[point].at[index])).size > 1);
  varying.sort((a, b) => Number(b === choice.lines) - Number(a === choice.lines) || a - b);
  const lines = new Map();
  for (const index of shown) {
    const key = varying.map((factor) => points[index].at[factor]).join(' ');
    const name = varying.map((factor) => (factor === choice.lines ? levelText(factor, points[index])
      : `${factors[factor].name} ${levelText(factor, points[index])}`)).join(', ');
    if (!lines.has(key)) lines.set(key, { name: name || study.name, points: [] });
    lines.get(key).points.push(index);
  }
  for (const line of lines.values()) {
    line.points.sort((a, b) => points[a].at[choice.x] - points[b].at[choice.x]);
  }
  return [...lines.values()];
}

function metricTitle(metric) {
  const { unit } = kindOf(metric.path);
  return unit ? `${metric.path}, ${unit}` : metric.path;
}

function valueAt(metric, index) {
  const y = metric.mean[index];
  const half = metric.half_width[index];
  return { y, low: known(half) ? y - half : null, high: known(half) ? y + half : null };
}

/** Band, then line: the band is two lines without stroke, the upper filled down to the lower. */
function lineDatasets(colours, line, number, metric) {
  const colour = colours.series[number % colours.series.length];
  const numeric = isNumeric(choice.x);
  const data = line.points.filter((index) => known(metric.mean[index])).map((index) => ({
    x: levelValue(choice.x, points[index]), point: index, ...valueAt(metric, index) }));
  const main = {
    label: line.name, data, borderColor: colour, backgroundColor: colour, borderWidth: 2,
    pointRadius: 4, clip: 8, pointStyle: POINTS[number % POINTS.length], showLine: numeric,
    borderDash: DASHES[Math.floor(number / colours.series.length) % DASHES.length], whiskers: true,
  };
  if (!numeric || data.length < 2) return [main];
  const edge = (side) => data.filter((item) => known(item[side])).map((item) => ({ x: item.x, y: item[side] }));
  const band = { label: '', band: true, borderWidth: 0, pointRadius: 0, pointHitRadius: 0,
    backgroundColor: translucent(colour, 0.16) };
  return [main, { ...band, data: edge('low'), fill: false }, { ...band, data: edge('high'), fill: '-1' }];
}

function chartConfig(colours) {
  const metric = metrics[choice.metric];
  const lines = linesOf(shownPoints()).slice(0, MOST_LINES);
  const numeric = isNumeric(choice.x);
  const format = (value) => withUnit(value, kindOf(metric.path).unit);
  const xType = numeric ? (choice.log ? 'logarithmic' : 'linear') : 'category';
  const numbers = factors[choice.x].levels.map((level) => level.number);
  const options = commonOptions(colours, {
    x: axis(colours, factors[choice.x].label, {
      type: xType, labels: numeric ? undefined : factors[choice.x].levels.map((level) => level.text),
      offset: !numeric, min: numeric ? Math.min(...numbers) : undefined,
      max: numeric ? Math.max(...numbers) : undefined,
      // A tick for every value that the factor takes.
      afterBuildTicks: (scale) => {
        if (numeric && numbers.length <= 20) scale.ticks = numbers.map((value) => ({ value }));
      },
      ticks: { callback(value) { return numeric ? plain(value) : this.getLabelForValue(value); } },
    }),
    y: axis(colours, metricTitle(metric), {
      beginAtZero: choice.zero, grace: '5%', ticks: { callback: (value) => format(value), maxTicksLimit: 8 },
    }),
    legend: { filter: (item, data) => !data.datasets[item.datasetIndex].band },
    tooltip: {
      title: ([item]) => `${factors[choice.x].name} ${levelText(choice.x, points[item.raw.point])}`,
      label: ({ dataset, raw }) => `${dataset.label}: ${format(raw.y)}` +
        (known(raw.high) ? ` ± ${format(raw.high - raw.y)}` : ''),
    },
  });
  options.plugins.tooltip.filter = (item) => !item.dataset.band;
  options.plugins.legend.onClick = (event, item, legend) => {
    // The band goes with its line.
    const { chart } = legend;
    const visible = !chart.isDatasetVisible(item.datasetIndex);
    let index = item.datasetIndex;
    do {
      chart.setDatasetVisibility(index, visible);
      index += 1;
    } while (chart.data.datasets[index] && chart.data.datasets[index].band);
    chart.update();
  };
  return {
    type: 'line',
    data: { datasets: lines.flatMap((line, number) => lineDatasets(colours, line, number, metric)) },
    options,
  };
}

function hasIntervals(metric) {
  return metric.half_width.some(known);
}

/** The factors that are held at one of several values, by the reader or at first by chooseWell(). */
function chosenText() {
  const held = factors.map((factor, index) => [factor, choice.fixed[index]])
    .filter(([factor, level]) => level !== ALL && factor.levels.length > 1)
    .map(([factor, level]) => `${factor.name} ${factor.levels[level].text}`);
  return held.length === 0 ? '' : `, only ${held.join(', ')}`;
}

function summaryText(lines) {
  const metric = metrics[choice.metric];
  const format = (value) => withUnit(value, kindOf(metric.path).unit);
  const all = lines.flatMap((line) => line.points).filter((index) => known(metric.mean[index]));
  if (all.length === 0) return 'No point shown has this metric.';
  const ends = [...all].sort((a, b) => metric.mean[a] - metric.mean[b]);
  const where = (index) => factors.filter((factor) => factor.levels.length > 1)
    .map((factor) => `${factor.name} ${levelText(factors.indexOf(factor), points[index])}`).join(', ');
  const [low, high] = [ends[0], ends[ends.length - 1]];
  const hidden = lines.length > MOST_LINES
    ? ` The first ${MOST_LINES} of ${lines.length} lines are drawn; filter to see others.` : '';
  return `${kindOf(metric.path).doc} From ${format(metric.mean[low])} (${where(low)}) to ` +
    `${format(metric.mean[high])} (${where(high)}). ${hasIntervals(metric) ? 'Bands and bars: 95 % intervals.'
      : 'Without intervals, which take two runs a point.'}${hidden}`;
}

function metricSelect(changed) {
  const groups = new Map();
  metrics.forEach((metric, index) => {
    const group = metric.path.split('.')[0];
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(el('option', { value: index, selected: index === choice.metric }, metric.path));
  });
  const control = el('select', { change: () => changed(Number(control.value)) },
    [...groups].map(([group, options]) => el('optgroup', { label: group }, options)));
  return control;
}

function stateOf(point) {
  if (!point.incidents) return 'ok';
  const statuses = [...new Set(point.incidents.map((run) => run.status))];
  return `${point.incidents.length} ${statuses.join(', ')}`;
}

/** The point's runs again: a command a point, unfolded on demand. */
function rerunCell(point) {
  return details('show', code(point.rerun, 'Command'));
}

function factorColumns(pointOf) {
  return factors.map((factor, number) => ({ title: factor.name, left: !isNumeric(number),
    value: (row) => levelValue(number, pointOf(row)), text: (row) => levelText(number, pointOf(row)) }));
}

function pointColumns() {
  const metric = metrics[choice.metric];
  const value = (values) => (index) => (metric && known(values[index]) ? values[index] : null);
  const format = (number) => withUnit(number, metric ? kindOf(metric.path).unit : '');
  return [
    { title: 'point', value: (index) => points[index].number },
    ...factorColumns((index) => points[index]),
    ...(metric ? [
      { title: metric.path, value: value(metric.mean), text: (index) => format(metric.mean[index]) },
      ...(hasIntervals(metric) ? [{ title: '± 95 %', value: value(metric.half_width),
        text: (index) => format(metric.half_width[index]) }] : []),
    ] : []),
    { title: 'runs', value: (index) => points[index].n },
    { title: 'state', left: true, value: (index) => stateOf(points[index]) },
    { title: 'rerun', left: true, value: (index) => points[index].hash, help: 'Sorts by the hash of the point',
      text: (index) => rerunCell(points[index]) },
  ];
}

function explorerPart() {
  const status = el('p', { role: 'status' });
  const holder = el('div', { id: 'points' });
  const figure = metrics.length === 0 || factors.length === 0 ? null : chartFigure({
    title: '', summary: '', height: 420, build: chartConfig,
    beside: 'The numbers are in the table of points below.' });
  const refresh = () => {
    const shown = shownPoints();
    status.textContent = `Showing ${plain(shown.length)} of ${counted(points.length, 'point')}` +
      (isPart ? `; the study has ${plain(study.points)}` : '');
    // The metric is one of the columns, so a new choice makes a new table.
    const table = sortableTable({ caption: 'Points', columns: pointColumns(), rows: shown, sort: 0, descending: false,
      wide: true });
    table.element.classList.add('tall');
    holder.replaceChildren(table.element);
    if (!figure) return;
    const lines = linesOf(shown);
    figure.update({ title: `${metrics[choice.metric].path} against ${factors[choice.x].name}${chosenText()}`,
      summary: summaryText(lines), height: 380 + 12 * Math.min(lines.length, MOST_LINES) });
  };
  const log = el('input', { type: 'checkbox', change: () => { choice.log = log.checked; refresh(); } });
  log.checked = choice.log;
  const zero = el('input', { type: 'checkbox', checked: true,
    change: () => { choice.zero = zero.checked; refresh(); } });
  const filters = factors.map((factor, index) => (factor.levels.length < 2 ? null : select(
    [[ALL, 'all'], ...factor.levels.map((level, number) => [number, level.text])], choice.fixed[index], (value) => {
      choice.fixed[index] = value === ALL ? ALL : Number(value);
      refresh();
    })));
  const named = factors.map((factor, index) => [index, factor.name]);
  const controls = [
    metrics.length === 0 ? null : field('Metric', metricSelect((index) => { choice.metric = index; refresh(); })),
    factors.length === 0 ? null : field('Against', select(named, choice.x, (value) => {
      choice.x = Number(value);
      choice.log = wantsLog(choice.x);
      log.checked = choice.log;
      refresh();
    })),
    factors.length < 2 ? null : field('Lines named after', select([[-1, 'all that varies'], ...named], choice.lines,
      (value) => { choice.lines = Number(value); refresh(); })),
    field('Logarithmic', log), field('From zero', zero),
  ];
  const reset = el('button', { type: 'button', class: 'plain', click: () => {
    choice.fixed.fill(ALL);
    for (const filter of filters) if (filter) filter.value = ALL;
    refresh();
  } }, 'Show all points');
  const part = section('Results', el('div', { class: 'controls' }, controls),
    el('div', { class: 'controls' }, filters.map((filter, index) =>
      (filter ? field(`Only ${factors[index].name}`, filter) : null)), reset),
    figure ? figure.element : null, status, holder);
  return { part, refresh };
}

function failuresPart() {
  const rows = points.flatMap((point, index) => (point.incidents || []).map((run) => ({ ...run, index })));
  if (rows.length === 0) return null;
  return section('Runs that did not end well', sortableTable({
    caption: `${plain(rows.length)} of ${counted(study.runs, 'run')}`,
    columns: [
      { title: 'point', value: (run) => points[run.index].number },
      ...factorColumns((run) => points[run.index]),
      { title: 'replication', value: (run) => run.replication },
      { title: 'status', left: true, value: (run) => run.status },
      { title: 'reason', left: true, prose: true, value: (run) => run.reason },
      { title: 'run again', left: true, prose: true, value: (run) => run.rerun, text: (run) => code(run.rerun, 'Command') },
    ],
    rows, wide: true,
  }).element);
}

function imprecisePart() {
  const lines = DATA.imprecise;
  if (lines.length === 0) return null;
  return section('Points less precise than wanted', el('p', {},
    `${lines.length} of ${counted(points.length, 'point')}: not known as precisely as the study asks for.`),
  details('Which ones', code(lines.join('\n'), 'Points less precise than wanted')));
}

function constantPart() {
  const rows = Object.entries(DATA.constant);
  if (rows.length === 0) return null;
  return section('The same in every run', details(`Show ${rows.length} metrics`, sortableTable({
    caption: 'Metrics that do not vary',
    columns: [
      { title: 'metric', left: true, value: ([path]) => path },
      { title: 'value', value: ([, value]) => value, text: ([path, value]) => withUnit(value, kindOf(path).unit) },
    ],
    rows,
  }).element));
}

function leftOutPart() {
  const names = DATA.left_out;
  if (names.length === 0) return null;
  return section('Metrics left out', el('p', {}, `To keep this file small, ${names.length} metrics are not in it. ` +
    'The result store has them; sockbufsim export writes all.'),
  details('Which ones', code(names.join('\n'), 'Metrics left out')));
}

function leadPart() {
  const failed = points.filter((point) => point.incidents).length;
  const broken = DATA.expectations.filter((item) => !item.passed).length;
  const verdict = failed > 0 ? `${counted(failed, 'point')} with runs that did not end well`
    : broken > 0 ? `${counted(broken, 'expectation')} failed` : 'all runs completed';
  return [
    el('p', {}, isPart && failed + broken === 0 ? null : badge(verdict, failed + broken === 0),
      isPart ? [' ', el('span', { class: 'badge open' }, '◐ ', `a part of the study: ${pointsText} points`)] : null),
    facts([
      ['Points', pointsText],
      ['Runs', plain(study.runs)],
      ['Study', study.file],
      ['Base scenario', study.base],
      ['Seeds', study.seed_policy === 'common' ? 'the same for all points' : 'independent'],
      ['Replications', study.precision
        ? `until ${study.precision.metric} is known to ± ${Number((study.precision.half_width_rel * 100).toPrecision(6))} %`
        : plain(study.replications)],
      ['Less precise than wanted', DATA.imprecise.length > 0 ? counted(DATA.imprecise.length, 'point') : ''],
    ]),
  ];
}

chooseWell();
const explorer = explorerPart();
showPage(study.name || 'Sweep', leadPart(), [
  expectationSection(DATA.expectations), explorer.part, failuresPart(), imprecisePart(), constantPart(), leftOutPart(),
  scenarioSection(DATA.scenario, 'Of the first point; the others differ in their factors.'),
  provenanceSection(DATA.provenance, DATA.provenance.command),
]);
explorer.refresh();
document.documentElement.dataset.ready = 'true';
