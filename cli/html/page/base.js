// SPDX-License-Identifier: BSD-2-Clause
// What all pages share: the data, elements without HTML, numbers as people read them.
'use strict';

const DATA = JSON.parse(document.getElementById('data').textContent);

/** An element. `attributes`: `class`, `id`, ...; a function is a listener. Children are nodes or
 * text; text is never read as HTML. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === '') continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

let lastId = 0;
function newId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

const NOTHING = '–';  // what a cell without a value shows

function known(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Three significant digits, more for whole numbers. */
function plain(value) {
  if (!known(value)) return NOTHING;
  if (Number.isInteger(value) && Math.abs(value) < 1e5) return value.toLocaleString('en');
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e12)) return value.toExponential(2);
  return value.toLocaleString('en', { maximumSignificantDigits: size >= 1e5 ? 6 : 4 });
}

function scaled(value, steps) {
  if (!known(value)) return NOTHING;
  if (value === 0) return '0';
  const size = Math.abs(value);
  let [factor, unit] = steps[0];
  for (const [f, u] of steps) if (size >= f) [factor, unit] = [f, u];
  const number = (value / factor).toPrecision(3);
  return `${number.includes('e') ? Number(number) : number}${unit}`;
}

const TIMES = [[1e-3, ' ps'], [1, ' ns'], [1e3, ' µs'], [1e6, ' ms'], [1e9, ' s']];
function time(ns) {
  return scaled(ns, TIMES);
}

const COUNTS = [[1, ''], [1e3, ' k'], [1e6, ' M'], [1e9, ' G']];
function count(value) {
  return known(value) && Math.abs(value) < 1e5 ? plain(value) : scaled(value, COUNTS);
}

function rate(value) {
  return known(value) ? `${count(value)}/s` : NOTHING;
}

function percent(share) {
  if (!known(share)) return NOTHING;
  if (share > 0 && share < 0.001) return '<0.1 %';
  return `${(100 * share).toFixed(1)} %`;
}

const BYTES = [[1, ' B'], [1024, ' KiB'], [1024 ** 2, ' MiB'], [1024 ** 3, ' GiB']];
function bytes(value) {
  return known(value) && Math.abs(value) < 1024 ? `${plain(value)} B` : scaled(value, BYTES);
}

/** A number with its unit, as the field table names units. */
function withUnit(value, unit) {
  if (!known(value)) return NOTHING;
  if (unit === 'ns') return time(value);
  if (unit === '1/s') return rate(value);
  if (value === 1 && unit.endsWith('s')) return `1 ${unit.slice(0, -1)}`;
  return unit ? `${plain(value)} ${unit}` : plain(value);
}

/** "1 point", "2 points" */
function counted(number, noun) {
  return `${plain(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Unit and meaning of a metric's path: `DATA.kinds` has them by kind, where NAME and INDEX stand
 * for an element (names may contain dots). */
const kindOf = (() => {
  const found = new Map();
  let patterns = null;
  const compile = () =>
    Object.entries(DATA.kinds || {}).map(([path, [unit, doc]]) => {
      const source = path
        .split('.')
        .map((step) => {
          if (step === 'NAME') return '.+?';
          if (step === 'INDEX') return '\\d+';
          return step.replace(/[^\w]/g, '\\$&');
        })
        .join('\\.');
      return { pattern: new RegExp(`^${source}$`), unit, doc };
    });
  return (path) => {
    if (!found.has(path)) {
      patterns = patterns || compile();
      const kind = patterns.find((candidate) => candidate.pattern.test(path));
      found.set(path, kind || { unit: '', doc: '' });
    }
    return found.get(path);
  };
})();
