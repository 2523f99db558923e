#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The HTML reports of explorations."""

import unittest

from page import Page


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


if __name__ == "__main__":
    unittest.main()
