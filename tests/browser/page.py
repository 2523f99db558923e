# SPDX-License-Identifier: BSD-2-Clause
"""What holds for every HTML report in headless Chromium. SOCKBUFSIM and HTML_SAMPLE name the programs; with
SCREENSHOTS set to a directory, pictures of all pages are left there."""

import base64
import os
import subprocess
import tempfile
import unittest

import webdriver

ATTACK = "</script><script>window.injected = 1</script><img src=x onerror='window.injected = 1'>"
WIDTHS = (360, 1024, 1920)

# The boxes of all text in the page as far as they are to be seen, and which of them overlap.
OVERLAPS = """
const boxes = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  const parent = node.parentElement;
  if (!node.data.trim() || !parent.checkVisibility() || parent.closest('script, option, .skip')) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const box of range.getClientRects()) {
    let { left, right, top, bottom } = box;
    for (let outer = parent; outer; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowX === 'visible') continue;
      const clip = outer.getBoundingClientRect();
      left = Math.max(left, clip.left);
      right = Math.min(right, clip.right);
      top = Math.max(top, clip.top);
      bottom = Math.min(bottom, clip.bottom);
    }
    if (right - left > 1 && bottom - top > 1) boxes.push({ left, right, top, bottom, text: node.data.trim() });
  }
}
for (const canvas of document.querySelectorAll('canvas')) {
  const { left, right, top, bottom } = canvas.getBoundingClientRect();
  boxes.push({ left, right, top, bottom, text: 'a chart' });
}
boxes.sort((a, b) => a.top - b.top);
const overlaps = [];
boxes.forEach((box, index) => {
  for (let i = index + 1; i < boxes.length && boxes[i].top < box.bottom - 2; i += 1) {
    const other = boxes[i];
    if (other.left < box.right - 1 && box.left < other.right - 1) overlaps.push([box.text, other.text]);
  }
});
return [boxes.length, overlaps];
"""

# Of each chart: how many pixels are painted, whether in several colours, and whether the names of
# categories have the room that their letters need.
CHARTS = """
return [...document.querySelectorAll('canvas')].map((canvas) => {
  const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
  const paper = copy.getContext('2d', { willReadFrequently: true });
  paper.drawImage(canvas, 0, 0);
  const { data } = paper.getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  let painted = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) continue;
    painted += 1;
    if (colours.size < 50) colours.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
  }
  const { x, y, options } = { ...Chart.getChart(canvas).scales, options: Chart.getChart(canvas).options };
  // Labels of the axes: those of x apart from each other, those of y no wider than their axis.
  paper.font = `12px ${Chart.defaults.font.family}`;
  const width = (tick) => paper.measureText(tick.label).width;
  const spans = x.ticks.map((tick, i) => [x.getPixelForTick(i) - width(tick) / 2, x.getPixelForTick(i) + width(tick) / 2])
    .sort((a, b) => a[0] - b[0]);
  const apart = spans.every(([left], i) => i === 0 || left > spans[i - 1][1] + 2);
  const whole = y.ticks.every((tick) => width(tick) <= y.width);
  const room = options.indexAxis === 'y' ? y.height / y.ticks.length : 100;
  return { painted, colours: colours.size, room, apart, whole, ticks: x.ticks.length, plot: x.width / canvas.clientWidth,
    label: canvas.getAttribute('aria-label') };
});
"""

COLUMN = """
const table = [...document.querySelectorAll('table')].find((t) => t.caption.textContent === arguments[0]);
const at = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === arguments[1]);
return [table.tHead.rows[0].cells[at].getAttribute('aria-sort'),
        [...table.tBodies[0].rows].map((row) => row.cells[at].textContent)];
"""

MARK = """
const table = [...document.querySelectorAll('table')].find((t) => t.caption.textContent === arguments[0]);
const cell = [...table.tHead.rows[0].cells].find((c) => c.textContent === arguments[1]);
document.querySelectorAll('.marked').forEach((old) => old.classList.remove('marked'));
cell.querySelector('button').classList.add('marked');
"""


class Page(unittest.TestCase):
    """The tests of one page; a class of each says how it is made, and adds what holds for it alone."""

    file = ""
    charts = 0

    @classmethod
    def setUpClass(cls):
        if cls is Page:
            raise unittest.SkipTest("not a page")
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)
        cls.path = os.path.join(cls.directory.name, "report.html")
        cls.make()
        cls.browser = webdriver.Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.shape(1024)
        self.browser.open(self.path)

    def tearDown(self):
        self.assertEqual(self.browser.console(), [])

    @classmethod
    def program(cls, *arguments):
        done = subprocess.run([os.environ["SOCKBUFSIM"], *arguments, "--out", f"html:{cls.path}"],
                              capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1, 3) or not os.path.exists(cls.path):
            raise RuntimeError(f"exit {done.returncode}: {done.stderr}")

    def column(self, table, title):
        """aria-sort of the column, and the text of its cells."""
        return self.browser.run(COLUMN, table, title)

    def press(self, table, title, key=None):
        self.browser.run(MARK, table, title)
        if key:
            self.browser.type(".marked", key)
        else:
            self.browser.click(".marked")

    def choose(self, label, option):
        """Sets a choice as a reader does."""
        self.browser.run("""
            const control = [...document.querySelectorAll('select')].find((s) => s.labels[0].textContent === arguments[0]);
            const option = [...control.options].find((o) => o.textContent === arguments[1]);
            control.value = option.value;
            control.dispatchEvent(new Event('change'));""", label, option)

    def status(self):
        return self.browser.run("return document.querySelector('[role=status]').textContent")

    def text(self):
        return self.browser.run("return document.body.innerText")

    def injected_text_is_text(self, heading, title):
        self.assertIsNone(self.browser.run("return window.injected"))
        self.assertEqual(self.browser.run("return document.querySelectorAll('img').length"), 0)
        self.assertEqual(self.browser.run("return document.querySelector('h1').textContent"), heading)
        self.assertEqual(self.browser.run("return document.title"), title)

    def test_nothing_overlaps_at_any_width(self):
        for width in WIDTHS:
            for dark in (False, True):
                with self.subTest(width=width, dark=dark):
                    self.browser.shape(width, dark)
                    self.picture(f"{width}-{'dark' if dark else 'light'}")
                    self.assertLessEqual(
                        self.browser.run("return document.documentElement.scrollWidth"), width)
                    boxes, overlaps = self.browser.run(OVERLAPS)
                    self.assertGreater(boxes, 50)
                    self.assertEqual(overlaps, [])

    def test_no_column_is_squeezed(self):
        """Words stay words at any width: a cell is as wide as eight letters."""
        for width in WIDTHS:
            self.browser.shape(width)
            squeezed = self.browser.run("""
                return [...document.querySelectorAll('th, td')].filter((cell) => cell.checkVisibility() &&
                  cell.innerText.trim().length > 8 && cell.clientWidth < 60).map((cell) => cell.innerText);""")
            self.assertEqual(squeezed, [])

    def picture(self, name):
        directory = os.environ.get("SCREENSHOTS")
        if directory:
            self.browser.screenshot(os.path.join(directory, f"{type(self).__name__}-{name}.png"))

    def test_text_is_text(self):
        text = self.browser.run("""
            const copy = document.body.cloneNode(true);
            for (const script of copy.querySelectorAll('script')) script.remove();
            return copy.textContent;""")
        self.assertGreater(len(text), 1000)
        for wrong in ("[object", "undefined", "NaN", "Infinity"):
            self.assertNotIn(wrong, text)

    def test_charts_draw(self):
        for width in WIDTHS:
            self.browser.shape(width)
            charts = self.browser.run(CHARTS)
            self.assertGreaterEqual(len(charts), self.charts)
            for chart in charts:
                with self.subTest(width=width, chart=chart["label"]):
                    self.assertGreater(chart["painted"], 1000)
                    self.assertGreater(chart["colours"], 2)
                    self.assertGreaterEqual(chart["room"], 14)
                    self.assertGreater(chart["plot"], 0.3)
                    self.assertTrue(chart["apart"], "labels of the x axis overlap")
                    self.assertTrue(chart["whole"], "labels of the y axis are cut off")
                    self.assertGreaterEqual(chart["ticks"], 2)

    def test_no_request_leaves_the_page(self):
        self.browser.requests()
        self.browser.open(self.path)
        self.assertEqual(self.browser.requests(), [f"file://{self.path}"])

    def test_nothing_else_may_run_or_be_fetched(self):
        blocked = self.browser.wait_for("""
            const seen = [];
            document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
            const script = document.createElement('script');
            script.textContent = 'window.injected = 1';
            document.body.append(script);
            document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/x.png' }));
            await fetch('http://127.0.0.1:9/').catch(() => {});
            await new Promise((resolve) => { setTimeout(resolve, 50); });
            return seen.map((name) => name.replace('-elem', '')).sort();""")
        self.browser.console()  # which tells of them
        self.assertEqual(blocked, ["connect-src", "img-src", "script-src"])
        self.assertIsNone(self.browser.run("return window.injected"))

    def test_accessible(self):
        faults = self.browser.run("""
            const faults = [];
            const must = (ok, what) => { if (!ok) faults.push(what); };
            const all = (selector) => [...document.querySelectorAll(selector)];
            must(document.documentElement.lang === 'en', 'language');
            must(all('h1').length === 1, 'one h1');
            let level = 1;
            for (const heading of all('h1, h2, h3, h4')) {
              const next = Number(heading.tagName[1]);
              must(next <= level + 1 && heading.textContent.trim(), `heading ${heading.textContent}`);
              level = next;
            }
            for (const table of all('table')) must(table.caption && table.caption.textContent, 'caption');
            for (const cell of all('th')) must(cell.scope, `scope of ${cell.textContent}`);
            for (const control of all('input, select')) must(control.labels.length === 1, control.outerHTML);
            for (const button of all('button')) must(button.textContent.trim(), 'name of a button');
            for (const image of all('canvas')) {
              must(image.getAttribute('role') === 'img' && image.getAttribute('aria-label'), 'name of a chart');
              must(image.closest('figure').querySelector('.note, table'), 'numbers beside a chart');
            }
            for (const pane of all('.scroll')) must(pane.tabIndex === 0 && pane.ariaLabel, 'scroll by keyboard');
            const ids = all('[id]').map((element) => element.id);
            must(new Set(ids).size === ids.length, 'ids');
            for (const link of all('nav a')) must(document.getElementById(link.hash.slice(1)), link.hash);
            return faults;""")
        self.assertEqual(faults, [])

    def test_focus_is_visible(self):
        self.browser.type("body", "\ue004\ue004")  # tabulators: the skip link, then the first link
        width = self.browser.run("return getComputedStyle(document.activeElement).outlineWidth")
        self.assertNotEqual(self.browser.run("return document.activeElement.tagName"), "BODY")
        self.assertEqual(width, "3px")

    def test_contrast(self):
        """WCAG AA: 4.5 to 1 between text and ground."""
        for dark in (False, True):
            self.browser.shape(1024, dark)
            ratios = self.browser.run("""
                const probe = document.createElement('span');
                document.body.append(probe);
                const luminance = (name) => {
                  probe.style.color = `var(${name})`;
                  const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map((part) => {
                    const share = part / 255;
                    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
                  });
                  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
                };
                const result = [];
                const compare = (text, ground) => {
                  const [a, b] = [luminance(ground), luminance(text)].sort((x, y) => y - x);
                  result.push([`${text} on ${ground}`, (a + 0.05) / (b + 0.05)]);
                };
                for (const ground of ['--ground', '--raised']) {
                  for (const text of ['--text', '--soft', '--link', '--good', '--bad']) compare(text, ground);
                }
                for (const tone of ['--good', '--bad']) {
                  for (const text of [tone, '--soft', '--text']) compare(text, `${tone}-ground`);
                }
                for (const text of ['--soft', '--text']) compare(text, '--mark');
                probe.remove();
                return result;""")
            for name, ratio in ratios:
                self.assertGreaterEqual(ratio, 4.5, f"{name}, dark: {dark}")

    def test_prints(self):
        document = base64.b64decode(self.browser.devtools("Page.printToPDF", printBackground=True)["data"])
        self.assertTrue(document.startswith(b"%PDF"))
        self.assertGreater(len(document), 10_000)
        if "SCREENSHOTS" in os.environ:
            name = os.path.join(os.environ["SCREENSHOTS"], f"{type(self).__name__}.pdf")
            with open(name, "wb") as out:
                out.write(document)
