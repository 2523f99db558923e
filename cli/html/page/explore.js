// SPDX-License-Identifier: BSD-2-Clause
// The page of an exploration.
'use strict';

function letterAndName(threads, index) {
  return `${String.fromCharCode(97 + index)} ${threads[index]}`;
}

/** One column a thread, one row a step; the racing pair is marked, the violation stands last. */
function interleavingTable(violation, caption) {
  const { threads, steps } = violation;
  const head = el('tr', {}, el('th', { scope: 'col' }, 'Step'),
    threads.map((name, index) => el('th', { scope: 'col', class: 'left' }, letterAndName(threads, index))));
  const rows = steps.map((step, number) => {
    const content = [
      step.racing ? el('strong', {}, step.operation) : step.operation,
      step.notes.map((note) => el('small', {}, note)),
    ];
    return el('tr', { class: step.racing ? 'racing' : null },
      el('th', { scope: 'row' }, step.racing ? [el('abbr', { title: 'of the racing pair' }, '*'), ' '] : '',
        number + 1),
      threads.map((name) => el('td', { class: 'left' }, name === step.thread ? content : '')));
  });
  const end = el('tr', { class: 'end' }, el('th', { scope: 'row' }, 'End'),
    el('td', { class: 'left', colspan: threads.length }, violation.message));
  return scrollable(caption, el('table', { class: 'interleaving' }, el('caption', {}, caption),
    el('thead', {}, head), el('tbody', {}, rows, end)));
}

function violationPart(violation, index) {
  const racing = violation.steps.some((step) => step.racing);
  const id = newId('violation');
  return el('article', { 'aria-labelledby': id },
    el('h3', { id }, `${index + 1}. ${violation.kind}`),
    el('p', { class: 'message' }, violation.message),
    facts([
      ['Interleavings with it', plain(violation.interleavings)],
      ['Met by', violation.thread || 'judged at the end'],
      ['Shortest way found', `${counted(violation.steps.length, 'step')}, ${counted(violation.context_switches, 'change')} of thread`],
      ['Not needed, left out', violation.left_out.join(', ')],
    ]),
    interleavingTable(violation, `Counterexample ${index + 1}: ${violation.kind}`),
    racing ? el('p', { class: 'note' },
      '* the racing pair: the violation, and the latest step before it that conflicts with it') : null,
    el('p', {}, 'Schedule (a letter a thread, a number its steps in a row):'),
    code(violation.schedule, 'Schedule'));
}

(() => {
  const { report } = DATA;
  const { coverage, violations, provenance } = report;
  const count = violations.length;
  const lead = [
    el('p', {}, verdictBadge(report.verdict, count === 0 ? (coverage.complete ? 'clean' : 'none found, not exhaustive')
      : `${counted(count, 'kind')} of violation`),
    ' ', coverage.text),
    facts([
      ['Receive algorithm', report.algorithm],
      ['Threads', report.threads.map((name, index) => letterAndName(report.threads, index)).join(', ')],
    ]),
  ];
  const covered = factTable('What the search covered', [
    ['Complete', coverage.complete ? 'yes: every interleaving, or one equivalent to it' : 'no'],
    ['Bound', coverage.bound || 'none'],
    ...(report.not_explored.length === 0 ? [] : [['Of the scenario, not explored', report.not_explored.join('; ')]]),
    ['Strategy', coverage.strategy],
    ['Interleavings executed', plain(coverage.interleavings)],
    ['Operations executed', plain(coverage.steps)],
    ['Cut short as equivalent to another', plain(coverage.redundant)],
    ['Distinct final states', plain(report.final_states) + (report.final_states_counted ? '' : ' and more')],
  ]);
  showPage(report.scenario, lead, [
    section('Violations', count === 0 ? el('p', {}, 'No violation was found.') : violations.map(violationPart)),
    expectationSection(report.expectations),
    section('Coverage', covered),
    scenarioSection(DATA.scenario, 'With all defaults filled in and all overrides applied.'),
    provenanceSection(provenance, provenance.command),
  ]);
})();
