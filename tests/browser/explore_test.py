#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The HTML reports of explorations, matrices and timed searches."""

import json
import os
import unittest

import webdriver
from page import ATTACK, WIDTHS, Page


class ExplorationPage(Page):
    @classmethod
    def make(cls):
        cls.program("explore", "scenarios/close-during-copyout.json")

    def test_marks_the_racing_pair(self):
        marked = self.browser.run("return [...document.querySelectorAll('article')].map((part) => "
                                  "part.querySelectorAll('tr.racing').length)")
        self.assertEqual(marked, [2, 2])

    def test_shows_schedule_and_verdict(self):
        found = self.browser.run("return DATA.report.violations.map((violation) => violation.schedule)")
        shown = self.browser.run("return [...document.querySelectorAll('article pre')].map((p) => p.textContent)")
        self.assertEqual(shown, found)
        self.assertIn("2 kinds of violation", self.text())
        self.assertIn("complete: 116 of 116 interleavings", self.text())

    def test_one_column_a_thread(self):
        heads = self.browser.run("return [...document.querySelector('article thead tr').cells]"
                                 ".map((cell) => cell.textContent)")
        self.assertEqual(heads, ["Step", "a reader", "b nic", "c kernel_close"])


class MatrixPage(Page):
    """All algorithms under all races and one whose name attacks, with too few schedules for some cells."""

    @classmethod
    def make(cls):
        scenario = os.path.join(cls.directory.name, "scenario.json")
        with open(scenario, "w", encoding="utf-8") as out:
            json.dump({"extends": os.path.abspath("scenarios/races/p1-shutdown-rd.json"), "name": ATTACK,
                       "description": "A name " + ATTACK}, out)
        cls.program("explore", "--matrix", "scenarios/races", scenario, "--max-schedules", "100")

    def cells(self):
        return self.browser.run("return DATA.report.cells")

    def grid(self):
        """By algorithm and disturbance: what the table says."""
        return self.browser.run("""
            const table = [...document.querySelectorAll('table')].find((t) => t.caption.textContent ===
              'Algorithms under disturbances');
            const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
            return [...table.tBodies[0].rows].flatMap((row) => [...row.cells].slice(1).map((cell, i) =>
              [row.cells[0].textContent, heads[i], cell.textContent]));""")

    def test_injected_text_is_text(self):
        self.injected_text_is_text("Receive algorithms under disturbances",
                                   "Receive algorithms under disturbances - sockbufsim explore --matrix")
        self.assertIn(ATTACK, self.text())

    def test_each_cell_says_its_verdict_by_symbol_and_words(self):
        shown = {(row, column): text for row, column, text in self.grid()}
        cells = self.cells()
        self.assertEqual(len(shown), len(cells))
        self.assertEqual({cell["verdict"] for cell in cells}, {"clean", "violation", "bounded"})
        self.assertIn((False, "violation"), {(cell["complete"], cell["verdict"]) for cell in cells})
        for cell in cells:
            kinds = ", ".join(item["kind"] for item in cell["violations"])
            words = {"clean": "✓ clean", "violation": f"✗ {kinds}", "bounded": "◐ bounded, none found"}
            number = f"{cell['interleavings']} interleaving" + ("" if cell["interleavings"] == 1 else "s")
            self.assertEqual(shown[cell["algorithm"], cell["disturbance"]],
                             words[cell["verdict"]] + ("" if cell["complete"] else "first ") + number)

    def test_counts_and_limits(self):
        cells = self.cells()
        text = self.text()
        for verdict, label in (("clean", "Clean"), ("violation", "With a violation"), ("bounded", "Bounded, none found")):
            number = sum(cell["verdict"] == verdict for cell in cells)
            self.assertIn(f"{label}\n{number}\nof {len(cells)} cells", text)
        self.assertIn(f"Complete\n{sum(cell['complete'] for cell in cells)}\nof {len(cells)} cells", text)
        self.assertIn("100 interleavings (--max-schedules)", text)
        self.assertIn(self.browser.run("return DATA.report.text"), text)

    def test_filters_both_views(self):
        cells = self.cells()
        self.assertEqual(self.status(), f"Showing {len(cells)} of {len(cells)} cells")
        self.choose("Only verdict", "violation")
        found = [cell for cell in cells if cell["verdict"] == "violation"]
        self.assertEqual(self.status(), f"Showing {len(found)} of {len(cells)} cells")
        self.assertEqual(set(self.column("Cells", "verdict")[1]), {"✗ violation"})
        self.assertEqual(len(self.column("Cells", "verdict")[1]), len(found))
        self.assertEqual(sum(text != "filtered out" for _, _, text in self.grid()), len(found))
        self.choose("Only algorithm", "putback_ref")
        self.assertEqual({row for row, _, _ in self.grid()}, {"putback_ref"})
        self.choose("Only disturbance", ATTACK)
        self.assertEqual([column for _, column, _ in self.grid()], [ATTACK])
        self.choose("Only kind of violation", "bytes_lost")
        self.assertEqual(self.status(), f"Showing 0 of {len(cells)} cells")
        self.browser.click("button.plain")
        self.choose("Only coverage", "not complete")
        self.assertEqual(set(self.column("Cells", "complete")[1]), {"no"})
        self.browser.click("button.plain")
        self.assertEqual(len(self.grid()), len(cells))

    def test_sorts_by_verdict_and_number(self):
        self.press("Algorithms under disturbances", "p4-rst", webdriver.ENTER)
        order, texts = self.column("Algorithms under disturbances", "p4-rst")
        self.assertEqual(order, "ascending")
        symbols = [text[0] for text in texts]
        self.assertEqual(symbols, sorted(symbols, key="✗◐✓".index))
        self.assertEqual(symbols[0], "✗")
        self.press("Cells", "interleavings")
        order, numbers = self.column("Cells", "interleavings")
        self.assertEqual(order, "descending")
        self.assertEqual(numbers, sorted(numbers, key=int, reverse=True))

    def test_shows_the_cell_that_is_clicked(self):
        panel = "return document.querySelector('[aria-live] article').innerText"
        self.assertIn("what it means", self.browser.run(panel))  # of the first violation
        last = self.cells()[-1]
        button = "button.verdict"
        self.browser.run("[...document.querySelectorAll(arguments[0])].at(-1).classList.add('last')", button)
        for act in (lambda: self.browser.click(".last"), lambda: self.browser.type(".last", webdriver.ENTER)):
            act()
            text = self.browser.run(panel)
            self.assertIn(f"{last['algorithm']} under {last['disturbance']}", text)
            self.assertIn(last["command"], text)
            self.assertEqual(self.browser.run(
                "return [...document.querySelectorAll('[aria-pressed=true]')].map((b) => b.className)"),
                [self.browser.run("return document.querySelector('.last').className")])
            self.browser.run("document.querySelector('button.verdict').click()")

    def test_heads_stay_in_sight(self):
        for width in WIDTHS:
            self.browser.shape(width)
            away = self.browser.run("""
                const table = [...document.querySelectorAll('table')].find((t) => t.caption.textContent ===
                  'Algorithms under disturbances');
                const pane = table.parentElement;
                pane.scrollTo(300, 300);
                const box = pane.getBoundingClientRect();
                const row = [...table.tBodies[0].rows].at(-1).cells[0].getBoundingClientRect();
                const head = table.tHead.rows[0].cells[1].getBoundingClientRect();
                return [row.left - box.left, head.top - box.top, row.width / box.width];""")
            self.assertAlmostEqual(away[0], 0, delta=1)
            self.assertAlmostEqual(away[1], 0, delta=1)
            self.assertLess(away[2], 0.5)

    def test_kinds_have_meanings(self):
        kinds = self.column("Kinds of violation found", "kind")[1]
        found = {item["kind"] for cell in self.cells() for item in cell["violations"]}
        self.assertEqual(set(kinds), found)
        meanings = self.browser.run("return DATA.meanings")
        self.assertEqual(self.column("Kinds of violation found", "what it means")[1],
                         [meanings[kind] for kind in kinds])


class TimedSearchPage(Page):
    charts = 2
    steps = 12
    copies = 3

    @classmethod
    def make(cls):
        scenario = os.path.join(cls.directory.name, "scenario.json")
        with open(scenario, "w", encoding="utf-8") as out:
            json.dump({"extends": os.path.abspath("scenarios/close-during-copyout.json"), "name": ATTACK}, out)
        cls.program("explore", scenario, "--timed-search", "--steps", str(cls.steps), "--replications", str(cls.copies))

    def report(self):
        return self.browser.run("return DATA.report")

    def test_injected_text_is_text(self):
        self.injected_text_is_text(ATTACK, f"{ATTACK} - sockbufsim explore --timed-search")

    def test_shows_window_and_probability(self):
        report = self.report()
        text = self.text()
        share = "{estimate:.3f}\n95 % from {lower:.3f} to {upper:.3f}".format(**report["probability"])
        self.assertIn(share, text)
        for name in ("window_ns", "copy_ns"):
            mean, half = report[name]["mean"], report[name]["half_width"]
            self.assertIn(f"{mean:,.1f} ns\n± {half:,.1f} ns, 95 %, {self.copies} copies", text)
        hits = sum(sum(copy["hit"]) for copy in report["copies"])
        self.assertGreater(hits, 0)
        self.assertIn(f"✗ a violation in {hits} of {self.steps * self.copies} runs", text)
        self.assertIn(report["provenance"]["command"], text)

    def test_charts_show_the_data(self):
        report = self.report()
        hit, rest = self.browser.run("return Chart.getChart(document.querySelectorAll('canvas')[0]).data.datasets"
                                     ".map((d) => d.data)")
        for index, copy in enumerate(report["copies"]):
            def length(bars, name=f"copy {index}"):
                return sum(bar["x"][1] - bar["x"][0] for bar in bars if bar["y"] == name)
            self.assertAlmostEqual(length(hit), copy["window_ns"], places=3)
            self.assertAlmostEqual(length(hit) + length(rest), copy["length_ns"], places=3)
        shares = self.browser.run("return Chart.getChart(document.querySelectorAll('canvas')[1]).data.datasets[0].data")
        wanted = [sum(copy["hit"][step] for copy in report["copies"]) / self.copies for step in range(self.steps)]
        self.assertEqual(shares, wanted)

    def test_sorts_tables(self):
        caption = "Runs with a violation, by part of the copy"
        self.press_in_details(caption, "share")
        order, cells = self.column(caption, "share")
        self.assertEqual(order, "descending")
        values = [float(cell.split()[0]) for cell in cells]
        self.assertEqual(values, sorted(values, reverse=True))
        self.assertEqual(len(values), self.steps)
        self.press("Copies", "starts at")
        starts = [float(cell.split()[0].replace(",", "")) for cell in self.column("Copies", "starts at")[1]]
        self.assertEqual(starts, sorted(starts, reverse=True))

    def press_in_details(self, table, title):
        self.browser.run("for (const part of document.querySelectorAll('details')) part.open = true")
        self.press(table, title)

    def test_kinds_have_meanings(self):
        kinds = dict(zip(self.column("Violations by kind", "kind")[1], self.column("Violations by kind", "runs")[1]))
        self.assertEqual(kinds, {kind: str(runs) for kind, runs in self.report()["violations"].items()})
        self.assertNotIn("–", self.column("Violations by kind", "what it means")[1])


class NoWindowPage(Page):
    """One copy, many steps, and nothing to find."""

    charts = 2

    @classmethod
    def make(cls):
        cls.program("explore", "scenarios/close-during-copyout.json", "--timed-search", "--steps", "120",
                    "--replications", "1", "--set", "receive.algorithm=generic")

    def test_says_that_nothing_was_found(self):
        text = self.text()
        self.assertIn("◐ no violation in 120 runs", text)
        self.assertIn("one copy: no interval", text)
        self.assertIn("No violation occurred in any run.", text)
        self.assertIn("0.000\n95 % from 0.000 to 0.0", text)

    def test_draws_several_steps_together(self):
        shares = self.browser.run("return Chart.getChart(document.querySelectorAll('canvas')[1]).data.datasets[0].data")
        self.assertEqual(shares, [0] * 40)


if __name__ == "__main__":
    unittest.main()
