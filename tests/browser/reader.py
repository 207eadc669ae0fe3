"""A person with a chapter of the handbook in hand, at a page: presses what it names, sees what it says, types what it has typed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import requests

from tests.meta.handbook import chinese_of

_CURL = 'curl() { "$PYTHON" -c "import json, sys; print(json.dumps(sys.argv[1:]))" "$@"; }\n'
_WORDS = """() => [document.body.innerText, ...document.querySelectorAll('option, details *, [title], [value]')]
  .map(part => part.textContent === undefined ? part : [part.textContent, part.title, part.value].join('\\n')).join('\\n')"""


class Reader:
    """A label is pressed only where the chapter names it in bold, as the page has it. `met` keeps the words of all pages."""

    def __init__(self, tab, language, chapter, site, met=None):
        self.tab, self.language, self.chapter, self.site = tab, language, chapter, site
        self.met = met

    def label(self, text):
        """Return a page's words in the reader's language; the chapter must have them in bold."""
        return self.labels(text)[0]

    def labels(self, text):
        """Return the same where one English word is several Chinese ones, each in its place."""
        words = {text} if self.language == "en" else chinese_of(text)
        found = sorted(said for said in words if f"**{said}**" in self.chapter)
        assert found, f"the chapter does not name {words}"
        return found

    def press(self, text, inside="#content"):
        """Press what leads to another page, or to the same one anew."""
        self.note()
        with self.tab.expect_navigation():
            self.unfold(text, inside)
        self.note()

    def unfold(self, text, inside="#content"):
        self.tab.locator(inside).get_by_text(self.label(text), exact=True).locator("visible=true").first.click()

    def click(self, selector):
        """Press what the chapter tells by its place or colour."""
        self.note()
        with self.tab.expect_navigation():
            self.tab.locator(selector).first.click()
        self.note()

    def go(self, path):
        self.tab.goto(self.site + path)
        self.note()

    def fill(self, **fields):
        for name, value in fields.items():
            self.tab.fill(f"#id_{name}" if not name.startswith("_") else f"#{name[1:]}", value)

    def see(self, text, inside="#content"):
        words = re.compile("|".join(map(re.escape, self.labels(text))))
        self.tab.locator(inside).get_by_text(words).locator("visible=true").first.wait_for()

    def note(self):
        if self.met is not None:
            self.met.append(self.tab.evaluate(_WORDS))

    def picture(self, name, *, full=False):
        folder, suffix = os.environ.get("SNAPSHOTTER_PICTURES"), "" if self.language == "en" else "-zh"
        if folder:  # a bar that sticks to the window's end would lie over a long page
            self.tab.evaluate("for (const bar of document.querySelectorAll('.bar')) bar.style.position = 'static'")
            self.tab.evaluate("document.activeElement?.blur()")
            self.tab.screenshot(path=Path(folder) / f"{name}{suffix}.png", full_page=full, animations="disabled")


def type_in(block: str, **names: str) -> Iterator[requests.Response]:
    """Do each curl of a block as a shell hands it over, but without waiting for the end: the worker is who calls."""
    said = subprocess.run(
        ["/bin/sh", "-c", _CURL + block],
        env={**names, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=True,
    )
    for line in said.stdout.splitlines():
        words = json.loads(line)
        options = dict(pairwise(words))
        url = next(word for word in words if word.startswith("http"))
        headers = dict(word.split(": ", 1) for at, word in enumerate(words) if words[at - 1] == "-H")
        with requests.Session() as session:
            session.trust_env = False
            yield session.request(
                options.get("-X", "GET"),
                url.partition("?wait")[0],
                headers=headers,
                data=options["-d"].encode() if "-d" in options else None,
                timeout=30,
            )
