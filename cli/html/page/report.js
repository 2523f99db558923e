// SPDX-License-Identifier: BSD-2-Clause
// Parts that the pages of several commands have.
'use strict';

/** A section with its heading; empty children make none. */
function section(title, ...children) {
  const content = children.flat().filter((child) => child);
  if (content.length === 0) return null;
  const id = newId('section');
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, title), content);
}

function badge(text, good) {
  return el('span', { class: good ? 'badge good' : 'badge bad' }, good ? '✓ ' : '✗ ', text);
}

/** What a search says: in a symbol and in words, so that the colour is not needed. */
const VERDICTS = {
  violation: { symbol: '✗', tone: 'bad', meaning: 'at least one interleaving ends with a violation' },
  failed: { symbol: '!', tone: 'bad', meaning: 'not explored: an interleaving is too long to be searched' },
  bounded: { symbol: '◐', tone: 'open', meaning: 'no violation was found, and not every interleaving is covered' },
  clean: { symbol: '✓', tone: 'good', meaning: 'no violation was found, and every interleaving is covered' },
};

function verdictBadge(verdict, ...words) {
  const { symbol, tone } = VERDICTS[verdict];
  return el('span', { class: `badge ${tone}` }, `${symbol} `, words);
}

/** What a kind of violation means; `DATA.meanings` has it by kind. */
function meaningOf(kind) {
  return Object.hasOwn(DATA.meanings, kind) ? DATA.meanings[kind] : '';
}

/** [[term, description]] */
function facts(pairs) {
  return el('dl', {}, pairs.filter(([, value]) => value !== '' && value !== null)
    .map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))));
}

/** The figures that matter most: [[label, value, detail?]] */
function cards(items) {
  return el('ul', { class: 'cards' }, items.map(([label, value, detail]) =>
    el('li', {}, el('span', { class: 'label' }, label), el('span', { class: 'value' }, value),
      detail ? el('span', { class: 'detail' }, detail) : null)));
}

function code(text, label) {
  return el('pre', { tabindex: '0', role: 'region', 'aria-label': label }, el('code', {}, text));
}

function details(summary, ...children) {
  return el('details', {}, el('summary', {}, summary), children);
}

/** A control with its label above it. */
function field(label, control) {
  const id = newId('choice');
  control.id = id;
  return el('span', { class: 'field' }, el('label', { for: id }, label), control);
}

/** options: [[value, text]]; `changed` gets the value chosen, a string. */
function select(options, chosen, changed) {
  const control = el('select', { change: () => changed(control.value) },
    options.map(([value, text]) => el('option', { value, selected: String(value) === String(chosen) }, text)));
  return control;
}

function warningList(warnings) {
  return warnings.length === 0 ? null
    : section('Warnings', el('ul', { class: 'warnings' }, warnings.map((text) => el('li', {}, text))));
}

/** A study judges an expectation at several places; those of failed ones are shown at once. */
function expectationText(item) {
  const places = item.places || [];
  if (places.length === 0) return item.message || item.name;
  const list = el('ul', { class: 'places' }, places.map((text) => el('li', {}, text)));
  const folded = el('details', { open: !item.passed && places.length <= 5 },
    el('summary', {}, counted(places.length, 'place')), list);
  return el('div', {}, item.name, folded);
}

function expectationSection(items) {
  if (items.length === 0) return null;
  const failed = items.filter((item) => !item.passed).length;
  const table = sortableTable({
    caption: failed === 0 ? `All ${items.length} passed` : `${failed} of ${items.length} failed`,
    columns: [
      { title: 'Expectation', left: true, prose: true,
        value: (item) => item.message || item.name, text: expectationText },
      { title: 'Result', left: true, value: (item) => Number(item.passed),
        text: (item) => badge(item.passed ? 'passed' : 'FAILED', item.passed) },
    ],
    rows: items,
  });
  return section('Expectations', table.element);
}

function scenarioSection(scenario, note) {
  if (!scenario) return null;
  return section('Effective scenario', el('p', {}, note),
    details('Show the scenario', code(JSON.stringify(scenario, null, 2), 'Effective scenario')));
}

function provenanceSection(provenance, command) {
  const pairs = Object.entries(provenance).filter(([name]) => name !== 'command')
    .map(([name, value]) => [name.replaceAll('_', ' '), String(value)]);
  return section('Provenance',
    command ? [el('p', {}, 'This makes the same again:'), code(command, 'Command')] : null,
    factTable('Where this report comes from', pairs));
}

/** Puts the page together. Headings: one h1, an h2 a section, h3 below it. */
function showPage(title, lead, sections) {
  const shown = sections.filter((part) => part);
  const links = shown.map((part) => {
    const heading = part.querySelector('h2');
    return el('li', {}, el('a', { href: `#${heading.id}` }, heading.textContent));
  });
  document.body.append(
    el('a', { class: 'skip', href: '#main' }, 'Skip to the report'),
    el('header', {}, el('h1', {}, title), lead),
    el('nav', { 'aria-label': 'Sections' }, el('ul', {}, links)),
    el('main', { id: 'main', tabindex: '-1' }, shown));
}
