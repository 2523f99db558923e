// SPDX-License-Identifier: BSD-2-Clause
// The page of a run.
'use strict';

const { report } = DATA;
const halfWidths = new Map(report.summary.map((row) => [row.metric, row.half_width]));

/** "± 0.1 Gb/s", or nothing without replications or when they all agree. */
function interval(path, format) {
  const half = halfWidths.get(path);
  return known(half) && half > 0 ? `± ${format(half)}` : '';
}

function sum(items, value) {
  return items.reduce((total, item) => total + value(item), 0);
}

function leadPart() {
  const { run } = report;
  const kind = report.violations.length > 0 ? `: ${report.violations[0].kind}` : '';
  return [
    run.description ? el('p', {}, run.description) : null,
    el('p', {}, badge(report.verdict + kind, report.verdict === 'completed'),
      run.replications > 1 ? ` Means of ${run.replications} replications, with 95 % intervals.` : ''),
    facts([
      ['Machine', `${run.machine}, ${counted(run.cores, 'core')}` +
        (run.clock_ghz > 0 ? ` at ${plain(run.clock_ghz)} GHz` : '')],
      ['Receive algorithm', run.algorithm],
      ['Traffic', run.traffic && run.traffic !== 'none'
        ? `${run.traffic} at ${plain(run.link_gbps)} Gb/s, MTU ${run.mtu}` : ''],
      ['Simulated', `${time(run.measured_ms * 1e6)} after a warm-up of ${time(run.warmup_ms * 1e6)}`],
      ['Seed', String(report.provenance.seed)],
    ]),
  ];
}

function hasTraffic() {
  return report.throughput.frames_offered > 0;
}

function headlinePart() {
  const items = [];
  const { throughput, locks, cpus } = report;
  if (hasTraffic()) {
    items.push(['Goodput', `${plain(throughput.goodput_gbps)} Gb/s`,
      interval('throughput.goodput_gbps', (half) => `${plain(half)} Gb/s`)]);
    const lost = `of ${count(throughput.frames_offered)} offered`;
    items.push(['Frames dropped', count(throughput.frames_dropped), lost]);
  }
  const worst = [...locks].sort((a, b) => b.wait_ns.total - a.wait_ns.total)[0];
  if (worst) {
    items.push([`Contended, ${worst.name}`, percent(worst.contended_fraction),
      interval(`locks.${worst.name}.contended_fraction`, percent)]);
    items.push([`Waited for ${worst.name}`, time(worst.wait_ns.total),
      `spin ${time(worst.spin_ns_total)}, block ${time(worst.block_ns_total)}`]);
  }
  if (cpus.length > 0) {
    const idle = sum(cpus, (core) => core.idle) / cpus.length;
    items.push(['CPU busy', percent(1 - idle), `mean of ${counted(cpus.length, 'core')}`]);
  }
  return section('Headline figures', cards(items));
}

function violationsPart() {
  return section('Violations', report.violations.map((violation) => el('article', {},
    el('h3', {}, violation.kind),
    el('p', { class: 'message' }, violation.message),
    facts([
      ['At', time(violation.time_ns)],
      ['In', violation.thread],
      ['Replication', report.run.replications > 1 ? String(violation.replication) : ''],
    ]),
    violation.trail.length === 0 ? null : [
      el('p', {}, 'How it came to this, the last step at the end:'),
      el('ol', { class: 'trail' }, violation.trail.map((line) => el('li', {}, line)))])));
}

/** [name, value, meaning] of the numbers directly in `object`, whose path is `path`. */
function numberFacts(object, path) {
  return Object.entries(object).filter(([, value]) => typeof value === 'number').map(([name, value]) => {
    const metric = `${path}.${name}`;
    const { unit, doc } = kindOf(metric);
    const shown = name.endsWith('_fraction') ? percent(value) : withUnit(value, unit);
    const half = interval(metric, (width) => (name.endsWith('_fraction') ? percent(width) : withUnit(width, unit)));
    return [name.replaceAll('_', ' '), half ? [shown, el('small', {}, half)] : shown, doc];
  });
}

function trafficPart() {
  if (!hasTraffic()) return null;
  const { throughput } = report;
  return section('Throughput',
    el('div', { class: 'columns' },
      factTable('What came in and what got through', numberFacts(throughput, 'throughput')),
      factTable('Frames dropped, by reason', numberFacts(throughput.drops, 'throughput.drops')),
      factTable('Bytes over the whole run', [
        ...numberFacts(throughput.bytes, 'throughput.bytes'),
        ...numberFacts(throughput.bytes.discarded, 'throughput.bytes.discarded')
          .map(([name, ...rest]) => [`discarded: ${name}`, ...rest])])));
}

function nicPart() {
  if (!hasTraffic()) return null;
  const delay = report.nic.moderation_delay_ns;
  const delays = delay.count > 0
    ? [['moderation delay, p99', time(delay.p99)], ['moderation delay, largest', time(delay.max)]] : [];
  return section('Network card and TCP', el('div', { class: 'columns' },
    factTable('Network card', [...numberFacts(report.nic, 'nic'), ...delays]),
    factTable('TCP', numberFacts(report.tcp, 'tcp')),
    factTable('Network buffers', numberFacts(report.mbufs, 'mbufs'))));
}

// ---- Locks -------------------------------------------------------------------------------------

function quantile(times, name) {
  const found = times.quantiles.find((item) => item.name === name);
  return found ? found.value : null;
}

function timeColumn(title, value, help) {
  return { title, value, text: (row) => time(value(row)), help };
}

/** What is known of a lock class and of an acquisition point alike. */
function acquisitionColumns() {
  const asked = report.locks[0].wait_ns.quantiles.map((item) => [item.q, item.name]);
  const names = [...new Map([...asked, [0.99, 'p99']]).entries()].sort(([a], [b]) => a - b).map(([, name]) => name);
  const wait = (row, name) => (name === 'p99' ? row.wait_ns.p99 : quantile(row.wait_ns, name));
  return [
    { title: 'acquired', value: (row) => row.acquisitions, text: (row) => count(row.acquisitions) },
    { title: 'contended', value: (row) => row.contended_fraction, text: (row) => percent(row.contended_fraction),
      help: 'Share of the acquisitions whose first attempt failed' },
    timeColumn('wait', (row) => row.wait_ns.total, 'In all: spin + block'),
    timeColumn('spin', (row) => row.spin_ns_total),
    timeColumn('block', (row) => row.block_ns_total),
    timeColumn('mean wait', (row) => row.wait_ns.mean_contended, 'Of the contended acquisitions'),
    ...names.map((name) => timeColumn(`wait ${name}`, (row) => wait(row, name), 'Over all acquisitions')),
    timeColumn('wait max', (row) => row.wait_ns.max),
    timeColumn('hold mean', (row) => row.hold_ns.mean),
    timeColumn('hold max', (row) => row.hold_ns.max),
  ];
}

function lockRows() {
  return report.locks.filter((lock) => lock.acquisitions > 0);
}

function waitChart(locks) {
  const sorted = [...locks].sort((a, b) => b.wait_ns.total - a.wait_ns.total);
  const first = sorted[0];
  return chartFigure({
    title: 'Time waited, by lock',
    summary: `Most for ${first.name}: ${time(first.wait_ns.total)}, of which ${time(first.spin_ns_total)} spinning.`,
    height: barHeight(sorted.length),
    build: (colours) => barConfig(colours, {
      categories: sorted.map((lock) => lock.name),
      series: [
        { label: 'spinning', values: sorted.map((lock) => lock.spin_ns_total), colour: 1 },
        { label: 'blocked', values: sorted.map((lock) => lock.block_ns_total), colour: 0 },
      ],
      stacked: true, format: time, axisTitle: 'time waited, all threads together',
    }),
    beside: 'The numbers are in the table of lock classes.',
  });
}

function pointChart(points) {
  const sorted = [...points].sort((a, b) => b.wait_ns.total - a.wait_ns.total)
    .filter((point) => point.wait_ns.total > 0).slice(0, 15);
  if (sorted.length < 2) return null;
  return chartFigure({
    title: 'Time waited, by acquisition point',
    summary: `Most at ${sorted[0].name} (${sorted[0].lock}): ${time(sorted[0].wait_ns.total)}.`,
    height: barHeight(sorted.length),
    build: (colours) => barConfig(colours, {
      categories: sorted.map((point) => `${point.name} (${point.lock})`),
      series: [
        { label: 'spinning', values: sorted.map((point) => point.spin_ns_total), colour: 1 },
        { label: 'blocked', values: sorted.map((point) => point.block_ns_total), colour: 0 },
      ],
      stacked: true, format: time, axisTitle: 'time waited, all threads together',
    }),
    beside: 'The numbers are in the table of acquisition points.',
  });
}

function quantileChart(locks) {
  const contended = locks.filter((lock) => lock.wait_ns.max > 0)
    .sort((a, b) => b.wait_ns.max - a.wait_ns.max);
  if (contended.length === 0) return null;
  const names = contended[0].wait_ns.quantiles.map((item) => item.name);
  // A logarithmic axis has no zero: what is zero has no bar.
  const positive = (value) => (value > 0 ? value : null);
  return chartFigure({
    title: 'How long one acquisition waited',
    summary: `Quantiles over all acquisitions; a quantile without a bar is zero. Longest: ${contended[0].name}, ` +
      `${time(contended[0].wait_ns.max)}.`,
    height: barHeight(contended.length, names.length + 1),
    build: (colours) => barConfig(colours, {
      categories: contended.map((lock) => lock.name),
      series: [
        ...names.map((name) => ({ label: name,
          values: contended.map((lock) => positive(quantile(lock.wait_ns, name))) })),
        { label: 'max', values: contended.map((lock) => lock.wait_ns.max), colour: 6 },
      ],
      stacked: false, format: time, axisTitle: 'wait, logarithmic', log: true,
    }),
    beside: 'The numbers are in the table of lock classes.',
  });
}

function numberTable(locks) {
  const most = Math.max(...locks.map((lock) => lock.number_pmf.length));
  const columns = [{ title: 'lock', left: true, value: (lock) => lock.name }];
  for (let n = 0; n < most; n += 1) {
    const share = (lock) => lock.number_pmf[n] ?? 0;
    columns.push({ title: String(n), value: share, text: (lock) => percent(share(lock)) });
  }
  return [sortableTable({ caption: 'Threads at the lock', columns, rows: locks }).element,
    el('p', { class: 'note' }, 'Share of time with so many threads that hold the lock or wait for it; ' +
      'the last number of a row: so many or more.')];
}

function waitOverTable(locks) {
  const names = locks[0].wait_over.map((item) => item.name);
  if (names.length === 0) return null;
  return sortableTable({ caption: 'Share of acquisitions that waited longer than',
    columns: [{ title: 'lock', left: true, value: (lock) => lock.name },
      ...names.map((name, index) => ({ title: name, value: (lock) => lock.wait_over[index].fraction,
        text: (lock) => percent(lock.wait_over[index].fraction) }))],
    rows: locks }).element;
}

function locksPart() {
  const locks = lockRows();
  if (locks.length === 0) return null;
  const points = locks.flatMap((lock) => lock.points.map((point) => ({ ...point, lock: lock.name })));
  const blame = locks.flatMap((lock) => lock.blame.map((row) => ({ ...row, lock: lock.name })));
  const lockColumn = { title: 'lock', left: true, value: (row) => row.lock };
  const classes = sortableTable({
    caption: 'Lock classes',
    columns: [
      { title: 'lock', left: true, value: (lock) => lock.name },
      { title: 'kind', left: true, value: (lock) => lock.kind },
      { title: 'instances', value: (lock) => lock.instances },
      { title: 'held', value: (lock) => lock.utilisation, text: (lock) => percent(lock.utilisation),
        help: 'Share of the time that an instance is held' },
      ...acquisitionColumns(),
    ],
    rows: locks, sort: 6, wide: true,
  });
  const pointTable = sortableTable({
    caption: 'Acquisition points',
    columns: [{ title: 'point', left: true, value: (point) => point.name }, lockColumn, ...acquisitionColumns()],
    rows: points, sort: 4, wide: true,
  });
  const blameTable = sortableTable({
    caption: 'Who waited for whom',
    columns: [
      { title: 'waiter', left: true, value: (row) => row.waiter },
      { title: 'holder', left: true, value: (row) => row.holder },
      lockColumn,
      { title: 'times', value: (row) => row.count, text: (row) => count(row.count) },
      timeColumn('wait', (row) => row.wait_ns),
      { title: 'mostly at', left: true, value: (row) => row.waiter_point, help: 'Where the waiter wanted the lock' },
      { title: 'held from', left: true, value: (row) => row.holder_point, help: 'Where the holder had got it' },
    ],
    rows: blame, sort: 4, wide: true,
  });
  const waited = locks.some((lock) => lock.wait_ns.total > 0);
  return section('Locks',
    lockFilter(locks, (wanted) => {
      classes.show(locks.filter((lock) => wanted(lock.name)));
      pointTable.show(points.filter((point) => wanted(point.lock)));
      blameTable.show(blame.filter((row) => wanted(row.lock)));
    }),
    classes.element,
    waited ? waitChart(locks).element : el('p', {}, 'No thread waited for a lock.'),
    waited ? [quantileChart(locks)?.element, pointTable.element, pointChart(points)?.element,
      blameTable.element].filter(Boolean) : pointTable.element,
    waitOverTable(locks), numberTable(locks));
}

/** A choice of lock for the tables; `changed` gets a function that says whether a name is wanted. */
function lockFilter(locks, changed) {
  if (locks.length < 2) return null;
  const id = newId('filter');
  const status = el('span', { role: 'status' });
  const input = el('input', { id, type: 'search', autocomplete: 'off', input: () => {
    const words = input.value.trim().toLowerCase();
    const wanted = (name) => name.toLowerCase().includes(words);
    status.textContent = `${locks.filter((lock) => wanted(lock.name)).length} of ${locks.length} locks`;
    changed(wanted);
  } });
  return el('p', { class: 'controls' }, el('label', { for: id }, 'Only locks whose name has '), input, status);
}

// ---- The worst wait ------------------------------------------------------------------------------

function worstWaitPart() {
  const wait = DATA.worst_wait;
  if (!wait) return null;
  const length = wait.end_ns - wait.start_ns;
  const processes = ['lock waits', 'threads', 'cores'];
  const rank = (slice) => processes.indexOf(slice.process);
  const label = (slice) => (slice.process === 'cores' ? slice.track
    : `${slice.track}${slice.process === 'lock waits' ? ', waits' : ''}`);
  const slices = [...wait.slices].sort((a, b) => rank(a) - rank(b) || a.start_ns - b.start_ns);
  const tracks = [...new Set(slices.map(label))];
  const since = (ns) => ns - wait.end_ns;
  // Who runs on a core and which lock is wanted: names of their own, which would need as many colours.
  const kind = (slice) => ({ cores: 'on a core', 'lock waits': 'waits for a lock' }[slice.process] || slice.name);
  const kinds = [...new Set(slices.map(kind))];
  const holder = wait.holder ? ` while ${wait.holder} held it` : '';
  const sentence = `${wait.waiter} ${wait.what} for ${time(length)}${holder}, ` +
    `from ${(wait.start_ns / 1000).toLocaleString('en', { maximumFractionDigits: 3 })} µs of the run on.`;
  const table = sortableTable({
    caption: 'What happened around the worst wait',
    columns: [
      { title: 'who', left: true, value: label },
      { title: 'what', left: true, value: (slice) => slice.name },
      timeColumn('from', (slice) => since(slice.start_ns), 'Since the wait ended'),
      timeColumn('for', (slice) => slice.end_ns - slice.start_ns),
    ],
    rows: slices, sort: 2, descending: false,
  });
  const figure = chartFigure({
    title: 'The worst wait',
    summary: `${sentence} Time counts from its end.`,
    height: 130 + 28 * tracks.length,
    build: (colours) => timelineConfig(colours, { slices, tracks, kinds, kind, label, since }),
    beside: details('The same as a table', table.element),
  });
  const notes = [];
  if (wait.from_ns > wait.start_ns) {
    notes.push(`Too much happened during this wait to draw all of it: the last ${time(wait.end_ns - wait.from_ns)} ` +
      'are shown.');
  }
  if (wait.dropped > 0) {
    notes.push(`The recording lacks ${count(wait.dropped)} events (observe.timeline), so that a longer wait ` +
      'may have been missed.');
  }
  if (report.run.replications > 1) notes.push('Of the first replication, warm-up included.');
  return section('Timeline of the worst wait', figure.element,
    notes.map((text) => el('p', { class: 'note' }, text)));
}

function timelineConfig(colours, { slices, tracks, kinds, kind, label, since }) {
  const config = barConfig(colours, {
    categories: tracks,
    series: kinds.map((name) => ({ label: name, values: slices.filter((slice) => kind(slice) === name)
      .map((slice) => ({ x: [since(slice.start_ns), since(slice.end_ns)], y: label(slice), name: slice.name })) })),
    stacked: false, format: time, axisTitle: 'since the wait ended',
  });
  Object.assign(config.options.scales.x, { min: since(DATA.worst_wait.from_ns), max: since(DATA.worst_wait.to_ns) });
  for (const dataset of config.data.datasets) {
    Object.assign(dataset, { grouped: false, minBarLength: 1, backgroundColor: workColour(colours, dataset.label) });
  }
  config.options.plugins.tooltip.callbacks.label = ({ raw }) =>
    `${raw.name}: ${time(raw.x[0])} to ${time(raw.x[1])}`;
  return config;
}

/** A kind of work has the same colour in all charts of the page. */
const WORK_COLOURS = { interrupt: 0, protocol: 5, syscall: 2, copy: 3, lock: 4, spin: 1, wakeup: 7, switch: 6 };
function workColour(colours, name) {
  if (name in WORK_COLOURS) return colours.series[WORK_COLOURS[name]];
  if (name === 'idle' || name === 'on a core') return translucent(colours.series[6], 0.25);
  return translucent(colours.series[name === 'waits for a lock' ? 1 : 2], 0.6);
}

// ---- The rest -------------------------------------------------------------------------------------

function cpuPart() {
  const { cpus } = report;
  if (cpus.length === 0) return null;
  const works = Object.keys(cpus[0]).filter((name) => name !== 'core');
  const used = works.filter((work) => cpus.some((core) => core[work] > 0));
  const table = sortableTable({
    caption: 'Share of each core’s time',
    columns: [{ title: 'core', left: true, value: (core) => core.core, text: (core) => `core ${core.core}` },
      ...works.map((work) => ({ title: work, value: (core) => core[work], text: (core) => percent(core[work]),
        help: kindOf(`cpus.0.${work}`).doc }))],
    rows: cpus,
  });
  const busiest = [...cpus].sort((a, b) => a.idle - b.idle)[0];
  const figure = chartFigure({
    title: 'CPU time by kind of work',
    summary: `The busiest is core ${busiest.core}: ${percent(1 - busiest.idle)} busy.`,
    height: barHeight(cpus.length),
    build: (colours) => {
      const config = barConfig(colours, {
        categories: cpus.map((core) => `core ${core.core}`),
        series: used.map((work) => ({ label: work, values: cpus.map((core) => core[work]) })),
        stacked: true, format: percent, axisTitle: 'share of time', max: 1,
      });
      for (const dataset of config.data.datasets) dataset.backgroundColor = workColour(colours, dataset.label);
      return config;
    },
    beside: 'The numbers are in the table below.',
  });
  return section('CPU', figure.element, table.element);
}

function latencyColumns(title, times) {
  return ['mean', 'p50', 'p99', 'max'].map((name) => timeColumn(`${title} ${name}`, (row) => times(row)[name]));
}

function readersPart() {
  const { readers, sockets } = report;
  if (readers.length === 0) return null;
  const counts = ['peeks', 'would_block', 'faults', 'lost_bytes', 'interrupted']
    .filter((name) => readers.some((reader) => reader[name] > 0));
  return section('Readers',
    sortableTable({
      caption: 'Readers',
      columns: [
        { title: 'reader', left: true, value: (reader) => reader.name },
        { title: 'socket', value: (reader) => reader.socket },
        { title: 'reads', value: (reader) => reader.reads, text: (reader) => count(reader.reads) },
        { title: 'bytes', value: (reader) => reader.bytes, text: (reader) => bytes(reader.bytes) },
        { title: 'per read', value: (reader) => reader.bytes_per_read_mean,
          text: (reader) => bytes(reader.bytes_per_read_mean) },
        ...latencyColumns('latency', (reader) => reader.delivery_latency_ns),
        ...counts.map((name) => ({ title: name.replaceAll('_', ' '), value: (reader) => reader[name] })),
      ],
      rows: readers, wide: true,
    }).element,
    sortableTable({
      caption: 'Sockets',
      columns: [
        { title: 'socket', left: true, value: (socket) => socket.name },
        { title: 'buffer', value: (socket) => socket.receive_buffer_bytes,
          text: (socket) => bytes(socket.receive_buffer_bytes) },
        { title: 'peak', value: (socket) => socket.peak_bytes, text: (socket) => bytes(socket.peak_bytes) },
        { title: 'compressed mbufs', value: (socket) => socket.compressed_mbufs },
      ],
      rows: sockets,
    }).element);
}

function threadsPart() {
  if (report.threads.length === 0) return null;
  return section('Synthetic threads', sortableTable({
    caption: 'Groups of threads',
    columns: [
      { title: 'group', left: true, value: (group) => group.name },
      { title: 'rounds', value: (group) => group.rounds, text: (group) => count(group.rounds) },
      { title: 'rounds/s', value: (group) => group.rounds_per_s, text: (group) => rate(group.rounds_per_s) },
      { title: 'rejected', value: (group) => group.rejected_fraction,
        text: (group) => percent(group.rejected_fraction) },
      ...latencyColumns('response', (group) => group.response_ns),
      { title: 'waited for a core', value: (group) => group.run_queue.waited_fraction,
        text: (group) => percent(group.run_queue.waited_fraction) },
    ],
    rows: report.threads, wide: true,
  }).element);
}

function disturbPart() {
  if (report.disturb.length === 0) return null;
  return section('Disturbances', sortableTable({
    caption: 'What became of the disturbances',
    columns: [
      { title: 'disturbance', left: true, value: (item) => item.name },
      { title: 'fired', value: (item) => item.fired },
      { title: 'finished', value: (item) => item.finished },
      timeColumn('took', (item) => item.latency_ns),
    ],
    rows: report.disturb,
  }).element);
}

function warmupPart() {
  const { warmup } = report;
  if (!warmup.known || warmup.series.length < 2) return null;
  const at = (index) => (index + 0.5) * warmup.interval_ms;
  const figure = chartFigure({
    title: `${warmup.series_name} since the start of the run`,
    summary: `By the MSER-5 rule it settles after ${time(warmup.mser5_ms * 1e6)}; the warm-up lasts ` +
      `${time(warmup.given_ms * 1e6)}, which is ${warmup.enough ? 'enough' : 'too short'}.`,
    height: 240,
    build: (colours) => ({
      type: 'line',
      data: { datasets: [{ label: warmup.series_name, borderColor: colours.series[0],
        backgroundColor: colours.series[0], borderWidth: 1.5, pointRadius: 0,
        data: warmup.series.map((y, index) => ({ x: at(index), y })) }] },
      options: commonOptions(colours, {
        x: axis(colours, 'simulated time, ms', { type: 'linear', max: warmup.interval_ms * warmup.series.length }),
        y: axis(colours, warmup.series_name, { beginAtZero: true }),
      }),
    }),
    beside: details('The same as a table', sortableTable({
      caption: `${warmup.series_name}, one row an interval`,
      columns: [
        { title: 'until, ms', value: ([index]) => (index + 1) * warmup.interval_ms },
        { title: warmup.series_name, value: ([, value]) => value }],
      rows: [...warmup.series.entries()],
    }).element),
  });
  return section('Warm-up', figure.element);
}

function summaryPart() {
  if (report.summary.length === 0) return null;
  const rows = report.summary;
  const table = sortableTable({
    caption: `Mean and 95 % interval over ${report.run.replications} replications`,
    columns: [
      { title: 'metric', left: true, value: (row) => row.metric, help: 'Dotted path, as expectations name it' },
      { title: 'mean', value: (row) => row.mean, text: (row) => withUnit(row.mean, kindOf(row.metric).unit) },
      { title: '± 95 %', value: (row) => row.half_width,
        text: (row) => withUnit(row.half_width, kindOf(row.metric).unit) },
      { title: 'relative', value: (row) => (row.mean === 0 ? null : Math.abs(row.half_width / row.mean)),
        text: (row) => (row.mean === 0 ? NOTHING : percent(Math.abs(row.half_width / row.mean))) },
      { title: 'runs', value: (row) => row.n },
    ],
    rows,
  });
  const id = newId('filter');
  const input = el('input', { id, type: 'search', autocomplete: 'off', input: () => {
    const words = input.value.trim().toLowerCase();
    table.show(rows.filter((row) => row.metric.toLowerCase().includes(words)));
  } });
  return section('All metrics', details(`Show ${rows.length} metrics`,
    el('p', { class: 'controls' }, el('label', { for: id }, 'Only metrics whose path has '), input), table.element));
}

function allWarnings() {
  const { warmup } = report;
  const short = warmup.enough ? []
    : [`The warm-up of ${time(warmup.given_ms * 1e6)} is too short: by the MSER-5 rule ${warmup.series_name} ` +
       `settles after ${time(warmup.mser5_ms * 1e6)}.`];
  return [...report.warnings, ...short];
}

showPage(report.run.scenario || 'Run', leadPart(), [
  violationsPart(), warningList(allWarnings()), expectationSection(report.expectations), headlinePart(),
  trafficPart(), nicPart(), locksPart(), worstWaitPart(), cpuPart(), readersPart(), threadsPart(), disturbPart(),
  warmupPart(), summaryPart(),
  scenarioSection(DATA.scenario, 'With all defaults filled in and all overrides applied.'),
  provenanceSection(report.provenance, report.provenance.command),
]);
drawCharts();
