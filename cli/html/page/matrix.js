// SPDX-License-Identifier: BSD-2-Clause
// The page of a matrix: algorithms under disturbances as a table to click in, and as a list.
'use strict';

const { report, algorithms, disturbances, limits } = DATA;
const ALL = 'all';

/** The cells, each with the numbers of its row and column. */
const cells = report.cells.map((cell, index) => ({
  ...cell, row: Math.floor(index / disturbances.length), column: index % disturbances.length }));
const foundKinds = [...new Set(cells.flatMap((cell) => kindsOf(cell)))].sort();

/** The words for verdicts; "failed" only where it occurs. */
const verdictNames = Object.keys(VERDICTS).filter((name) =>
  name !== 'failed' || cells.some((cell) => cell.verdict === name));

/** What the reader has chosen: the number of a row, of a column, of a kind, or a word; or ALL. */
const choice = { row: ALL, column: ALL, verdict: ALL, kind: ALL, complete: ALL };
let shownCell = cells.find((cell) => cell.verdict === 'violation') || cells[0];

function kindsOf(cell) {
  return cell.violations.map((violation) => violation.kind);
}

function isWanted(cell) {
  return [
    choice.row === ALL || cell.row === Number(choice.row),
    choice.column === ALL || cell.column === Number(choice.column),
    choice.verdict === ALL || cell.verdict === choice.verdict,
    choice.kind === ALL || kindsOf(cell).includes(foundKinds[choice.kind]),
    choice.complete === ALL || String(cell.complete) === choice.complete,
  ].every(Boolean);
}

/** With commas, each in an element of its own. */
function kindList(kinds) {
  return kinds.map((kind, index) =>
    el('span', { class: 'kind' }, breakableName(kind), index < kinds.length - 1 ? ', ' : ''));
}

/** The kinds of violation, "clean", "failed", or "bounded, none found". */
function verdictWords(cell) {
  if (cell.verdict === 'violation') return kindList(kindsOf(cell));
  return cell.verdict === 'bounded' ? 'bounded, none found' : cell.verdict;
}

function interleavingWords(cell) {
  return `${cell.complete ? '' : 'first '}${counted(cell.interleavings, 'interleaving')}`;
}

/** Violations first, those of many kinds before others. */
function verdictOrder(cell) {
  return Object.keys(VERDICTS).indexOf(cell.verdict) * 100 - cell.violations.length;
}

function cellName(cell) {
  return `${cell.algorithm} under ${cell.disturbance}`;
}

// ---- The table, and the cell chosen in it --------------------------------------------------------

function violationTable(cell) {
  return sortableTable({
    caption: `Violations of ${cellName(cell)}`,
    columns: [
      { title: 'kind', left: true, value: (item) => item.kind },
      { title: 'interleavings', value: (item) => item.interleavings, help: 'How many of those executed ended with it' },
      { title: 'what it means', left: true, prose: true, value: (item) => meaningOf(item.kind) },
      { title: 'what the console would show', left: true, prose: true, value: (item) => item.message },
      { title: 'schedule as found', left: true, prose: true, value: (item) => item.schedule,
        help: 'A letter a thread, a number its steps in a row', text: (item) => el('code', {}, item.schedule) },
    ],
    rows: cell.violations,
  }).element;
}

function cellPart(cell) {
  const id = newId('cell');
  return el('article', { 'aria-labelledby': id },
    el('h3', { id }, cellName(cell)),
    el('p', {}, verdictBadge(cell.verdict, verdictWords(cell)), ` ${VERDICTS[cell.verdict].meaning}`),
    facts([
      ['Interleavings executed', plain(cell.interleavings)],
      ['Complete', cell.complete ? 'yes' : 'no'],
      ['Bound', cell.bound],
      ['Failure', cell.failure],
      ['Begun in vain', plain(cell.redundant)],
      ['Distinct final states', plain(cell.final_states)],
    ]),
    cell.violations.length === 0 ? null : violationTable(cell),
    el('p', {}, cell.violations.length === 0 ? 'This explores the cell alone:'
      : 'This explores the cell alone, and shows the shortest way to each kind of violation:'),
    code(cell.command, 'Command'));
}

function cellButton(cell, chosen) {
  return el('button', {
    type: 'button', class: `verdict ${VERDICTS[cell.verdict].tone}`, 'aria-pressed': String(cell === shownCell),
    click: (event) => chosen(cell, event.currentTarget),
  }, verdictBadge(cell.verdict, el('span', {}, verdictWords(cell))), el('small', {}, interleavingWords(cell)));
}

/** Rows and columns without any cell to show are left out. */
function matrixTable(shown, chosen) {
  const rows = [...new Set(shown.map((cell) => cell.row))];
  const columns = [...new Set(shown.map((cell) => cell.column))].sort((a, b) => a - b);
  const at = (row, column) => cells[row * disturbances.length + column];
  const table = sortableTable({
    caption: 'Algorithms under disturbances',
    columns: [
      { title: 'algorithm', left: true, value: (row) => algorithms[row].name,
        text: (row) => breakableName(algorithms[row].name) },
      ...columns.map((column) => ({
        title: disturbances[column].name, left: true, help: 'Sorts by verdict, violations first',
        value: (row) => (isWanted(at(row, column)) ? verdictOrder(at(row, column)) : null),
        text: (row) => (isWanted(at(row, column)) ? cellButton(at(row, column), chosen)
          : el('small', {}, 'filtered out')),
      })),
    ],
    rows, wide: true,
  });
  table.element.classList.add('tall', 'matrix');
  return table.element;
}

function legend() {
  return el('ul', { class: 'legend' }, verdictNames.map((verdict) =>
    el('li', {}, verdictBadge(verdict, verdict), `: ${VERDICTS[verdict].meaning}`)));
}

function cellTable(shown) {
  const table = sortableTable({
    caption: 'Cells',
    columns: [
      { title: 'algorithm', left: true, value: (cell) => cell.algorithm },
      { title: 'disturbance', left: true, value: (cell) => cell.disturbance },
      { title: 'verdict', left: true, value: verdictOrder, text: (cell) => verdictBadge(cell.verdict, cell.verdict) },
      { title: 'kinds', left: true, prose: true, value: (cell) => kindsOf(cell).join(', ') || null },
      { title: 'interleavings', value: (cell) => cell.interleavings },
      { title: 'complete', left: true, value: (cell) => (cell.complete ? 'yes' : 'no') },
      ...(cells.some((cell) => cell.bound) ? [
        { title: 'bound', left: true, prose: true, value: (cell) => cell.bound, help: 'What was left out' }] : []),
      ...(cells.some((cell) => cell.failure) ? [
        { title: 'failure', left: true, prose: true, value: (cell) => cell.failure }] : []),
      { title: 'begun in vain', value: (cell) => cell.redundant,
        help: 'Executions begun, and cut short as equivalent to another one' },
      { title: 'final states', value: (cell) => cell.final_states, help: 'Distinct states in which interleavings ended' },
      { title: 'rerun', left: true, value: (cell) => cell.command,
        text: (cell) => details('show', code(cell.command, `Command for ${cellName(cell)}`)) },
    ],
    rows: shown, wide: true,
  });
  table.element.classList.add('tall');
  return table.element;
}

/** The filters. Returns the elements; `changed` is called after each choice. */
function filterPart(changed) {
  const used = (name) => cells.some((cell) => cell.verdict === name);
  const numbered = (names) => names.map((name, index) => [index, name]);
  const filters = [
    ['algorithm', 'row', numbered(algorithms.map((item) => item.name))],
    ['disturbance', 'column', numbered(disturbances.map((item) => item.name))],
    ['verdict', 'verdict', verdictNames.filter(used).map((name) => [name, name])],
    ['kind of violation', 'kind', numbered(foundKinds)],
    ['coverage', 'complete', [...new Set(cells.map((cell) => cell.complete))]
      .map((complete) => [String(complete), complete ? 'complete' : 'not complete'])],
  ].filter(([, , options]) => options.length > 1).map(([label, name, options]) => {
    const control = select([[ALL, 'all'], ...options], choice[name], (value) => {
      choice[name] = value;
      changed();
    });
    return { label, name, control };
  });
  if (filters.length === 0) return null;
  const reset = el('button', { type: 'button', class: 'plain', click: () => {
    for (const { name, control } of filters) choice[name] = control.value = ALL;
    changed();
  } }, 'Show all cells');
  return el('div', { class: 'controls' }, filters.map(({ label, control }) => field(`Only ${label}`, control)), reset);
}

/** The two views of the cells that the filters let through. */
function resultParts() {
  const status = el('p', { role: 'status' });
  const grid = el('div');
  const list = el('div');
  const panel = el('div', { 'aria-live': 'polite' });
  const chosen = (cell, button) => {
    shownCell = cell;
    for (const other of grid.querySelectorAll('.verdict')) other.setAttribute('aria-pressed', String(other === button));
    panel.replaceChildren(cellPart(cell));
    panel.scrollIntoView({ block: 'nearest' });
  };
  const refresh = () => {
    const shown = cells.filter(isWanted);
    status.textContent = `Showing ${plain(shown.length)} of ${counted(cells.length, 'cell')}`;
    grid.replaceChildren(matrixTable(shown, chosen));
    list.replaceChildren(cellTable(shown));
  };
  const filters = filterPart(refresh);
  refresh();
  if (shownCell) panel.replaceChildren(cellPart(shownCell));
  return [
    section('Verdicts', legend(), filters, status, grid,
      el('p', { class: 'note' }, 'A click on a cell shows it below the table.'), panel),
    section('All cells as a list', el('p', {}, 'Those that the filters above let through.'), list),
  ];
}

// ---- The rest ------------------------------------------------------------------------------------

function number(wanted) {
  return cells.filter(wanted).length;
}

function limitWords() {
  const words = [
    limits.max_schedules === null ? '' : `${counted(limits.max_schedules, 'interleaving')} (--max-schedules)`,
    limits.max_seconds === null ? '' : `${plain(limits.max_seconds)} s (--max-seconds)`,
    limits.first ? 'the first violation (--first)' : '',
  ].filter(Boolean);
  return words.length === 0 ? 'none' : words.join(', ');
}

function leadPart() {
  const complete = cells.every((cell) => cell.complete);
  const failed = cells.some((cell) => cell.verdict === 'failed');
  return [
    el('p', {}, verdictBadge(failed ? 'failed' : complete ? 'clean' : 'bounded', report.text)),
    facts([
      ['Algorithms', plain(algorithms.length)],
      ['Disturbances', plain(disturbances.length)],
      ['Strategy', [...new Set(cells.map((cell) => cell.strategy))].join(', ')],
      ['Limits of each cell', limitWords()],
    ]),
  ];
}

function countsPart() {
  const of = `of ${counted(cells.length, 'cell')}`;
  const card = (label, wanted) => [label, plain(number(wanted)), of];
  return section('Headline figures', cards([
    card('Clean', (cell) => cell.verdict === 'clean'),
    card('With a violation', (cell) => cell.verdict === 'violation'),
    card('Bounded, none found', (cell) => cell.verdict === 'bounded'),
    ...(verdictNames.includes('failed') ? [card('Failed', (cell) => cell.verdict === 'failed')] : []),
    card('Complete', (cell) => cell.complete),
    ['Interleavings', count(cells.reduce((sum, cell) => sum + cell.interleavings, 0)), 'executed in all cells'],
  ]));
}

function kindsPart() {
  const rows = foundKinds.map((kind) => {
    const found = cells.flatMap((cell) => cell.violations.filter((item) => item.kind === kind)
      .map((item) => ({ cell, interleavings: item.interleavings })));
    const distinct = (side) => new Set(found.map(({ cell }) => cell[side])).size;
    return { kind, cells: found.length, algorithms: distinct('row'), disturbances: distinct('column'),
      interleavings: found.reduce((sum, item) => sum + item.interleavings, 0) };
  });
  if (rows.length === 0) return null;
  return section('Kinds of violation', sortableTable({
    caption: 'Kinds of violation found',
    columns: [
      { title: 'kind', left: true, value: (row) => row.kind },
      { title: 'what it means', left: true, prose: true, value: (row) => meaningOf(row.kind) },
      ...['cells', 'algorithms', 'disturbances', 'interleavings'].map((name) => ({
        title: name, value: (row) => row[name], help: `${name} with it` })),
    ],
    rows, sort: 2,
  }).element);
}

/** How many cells of a row or a column have which verdict. */
function verdictColumns(side) {
  return verdictNames.map((verdict) => ({ title: verdict, help: VERDICTS[verdict].meaning,
    value: (index) => number((cell) => cell[side] === index && cell.verdict === verdict) }));
}

function kindsColumn(side) {
  return { title: 'kinds', left: true, prose: true,
    value: (index) => [...new Set(cells.filter((cell) => cell[side] === index).flatMap(kindsOf))].sort().join(', ') || null };
}

function algorithmsPart() {
  return section('Algorithms', sortableTable({
    caption: 'Verdicts by algorithm',
    columns: [
      { title: 'algorithm', left: true, value: (index) => algorithms[index].name },
      ...verdictColumns('row'), kindsColumn('row'),
      { title: 'what it is', left: true, prose: true, value: (index) => algorithms[index].doc },
    ],
    rows: [...algorithms.keys()], wide: true,
  }).element);
}

function disturbancesPart() {
  const strikes = (index) => (disturbances[index].scenario.disturb || []).map((item) => item.do).join(', ');
  const described = disturbances.some((item) => item.scenario.description);
  return section('Disturbances', sortableTable({
    caption: 'Verdicts by disturbance',
    columns: [
      { title: 'disturbance', left: true, value: (index) => disturbances[index].name },
      ...verdictColumns('column'), kindsColumn('column'),
      { title: 'what strikes', left: true, value: strikes },
      ...(described ? [{ title: 'description', left: true, prose: true,
        value: (index) => disturbances[index].scenario.description || null }] : []),
      { title: 'file', left: true, value: (index) => disturbances[index].file },
    ],
    rows: [...disturbances.keys()], wide: true,
  }).element);
}

function scenariosPart() {
  return section('Effective scenarios',
    el('p', {}, 'With all defaults filled in and all overrides applied; the receive algorithm is that of the first row.'),
    disturbances.map(({ name, scenario }) =>
      details(name, code(JSON.stringify(scenario, null, 2), `Effective scenario ${name}`))));
}

showPage('Receive algorithms under disturbances', leadPart(), [
  countsPart(), ...resultParts(), kindsPart(), algorithmsPart(), disturbancesPart(), scenariosPart(),
  provenanceSection(report.provenance, report.provenance.command),
]);
