// SPDX-License-Identifier: BSD-2-Clause
// Tables, sortable by buttons in their headers.
'use strict';

/** What may be wider than the page: scrolls by itself, also by keyboard. */
function scrollable(label, content) {
  return el('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': label }, content);
}

/** Numbers ascend, text follows its alphabet, what is missing comes last either way. */
function compareValues(a, b, sign) {
  const missing = (value) => value === null || value === undefined || Number.isNaN(value);
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** Names with underscores may break after one: mbuf_use_after_free. */
function breakableName(name) {
  return name.split('_').flatMap((part, index) => (index === 0 ? [part] : ['_', el('wbr'), part]));
}

/** Dotted paths may break after a dot. */
function breakable(path) {
  if (path.includes(' ')) return path;
  return path.split('.').flatMap((step, index) => (index === 0 ? [step] : ['.', el('wbr'), step]));
}

/**
 * A sortable table. columns: [{ title, value(row), text(row)?, help?, left?, prose? }]: `value` is
 * what sorting compares, `text` (text or a node) what the cell shows. The first column names the row
 * and stays in sight when a `wide` table scrolls. Returns { element, show(rows) }.
 */
function sortableTable({ caption, columns, rows, sort = null, descending = true, wide = false }) {
  let shown = rows;
  let column = sort;
  let down = descending;
  const body = el('tbody');
  const headers = columns.map((item, index) => {
    const button = el('button', {
      type: 'button',
      title: item.help,
      click: () => {
        down = column === index ? !down : !item.left;
        column = index;
        draw();
      },
    }, breakable(item.title), el('span', { class: 'arrow', 'aria-hidden': 'true' }));
    return el('th', { scope: 'col', class: item.left ? 'left' : null }, button);
  });

  const cell = (item, row, index) => {
    const value = item.value(row);
    const content = item.text ? item.text(row) : typeof value === 'number' ? plain(value) : value;
    const kind = [item.left && 'left', item.prose && 'prose'].filter(Boolean).join(' ') || null;
    const text = content === null || content === undefined || content === '' ? NOTHING : content;
    return index === 0 ? el('th', { scope: 'row', class: kind }, text) : el('td', { class: kind }, text);
  };

  function draw() {
    const order = shown.map((row, index) => [row, index]);
    if (column !== null) {
      const value = columns[column].value;
      order.sort(([a, i], [b, k]) => compareValues(value(a), value(b), down ? -1 : 1) || i - k);
    }
    headers.forEach((header, index) => {
      if (index === column) {
        header.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      } else {
        header.removeAttribute('aria-sort');
      }
    });
    body.replaceChildren(
      ...order.map(([row]) => el('tr', {}, columns.map((item, index) => cell(item, row, index)))));
  }

  const table = el('table', { class: wide ? 'wide' : null },
    el('caption', {}, caption), el('thead', {}, el('tr', {}, headers)), body);
  draw();
  return {
    element: scrollable(caption, table),
    show: (next) => {
      shown = next;
      draw();
    },
  };
}

/** Two columns: what, and how much. pairs: [[name, value, help?]] */
function factTable(caption, pairs) {
  const row = ([name, value, help]) =>
    el('tr', {}, el('th', { scope: 'row', class: 'left' }, name, help ? el('small', {}, help) : null),
      el('td', {}, value));
  return scrollable(caption, el('table', { class: 'facts' }, el('caption', {}, caption),
    el('tbody', {}, pairs.map(row))));
}
