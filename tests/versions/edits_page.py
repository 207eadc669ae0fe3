"""docs/changes.md, made of the table of edits: `python -m tests.versions.edits_page` writes it anew."""

from collections.abc import Iterable
from pathlib import Path

from tests.versions.edits import EDITS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "changes.md"
HEAD = """# What an edit is called

Each row is an edit that a test makes in DolphinScheduler 3.1.1 through its API, as DolphinScheduler's own pages make it, and the
sentences that the comparison of before and after then shows, word for word (`tests/versions/edits.py`). The workflow is `orders_daily`
with eleven tasks. A dash: no change, so nothing is shown, no badge either.

| Edit | Sentences | 句子 |
|---|---|---|
"""
FOOT = """
Moving boxes is hidden until "layout" is switched on; then it names up to three
boxes: "Positions of extract, load_dwd and dedup changed", "extract、load_dwd 和 dedup 移动了位置".

## How sentences are made
* All changes of one task stand in one sentence: a new name first, then whether it runs, then its texts, then the rest.
* Lines are counted as the page shows them. Where only blanks, line endings or the last line feed differ, the sentence says so.
* Constants are called as DolphinScheduler's pages call them; durations have units; codes are shown as names where the reader may know them.
* A task that waits for no other has an edge from nothing in DolphinScheduler. It is told as what it means, and not at all for a task
  that came or went. The same dependency may be there twice: the sentence says so where one of them comes or goes.
* Where a field that is given as null, or as its default, is against one that is absent, the absent one reads "none".
* Secrets stay recognisable as changed: `secret:` and the first digits of a keyed digest.
* Values longer than 60 characters are cut around what differs. Two values that would look the same are shown as JSON.
* A field without a name is called by its own path. Nothing is left out: of more than 200 changed tasks, dependencies or parameters,
  and of more than 16 changes of one task, the number of the others is told.
* Texts of more than 50,000 lines are not compared line by line; the sentence tells both lengths. What comparing
  lines may cost is bounded for all of a page: beyond it, whatever lies between lines that stand once on both sides counts as changed.

Worker group, task group, second data source and resource are not set up in the test's DolphinScheduler: 3.1.1 keeps such references
without looking them up, so the edits give a name or a number of their own. Tenants and the environment are real.
"""


def page() -> str:
    rows = (f"| {edit.name} | {_cell(edit.english)} | {_cell(edit.chinese)} |\n" for edit in EDITS)
    return HEAD + "".join(rows) + FOOT


def _cell(sentences: Iterable[str]) -> str:
    return "<br>".join(sentence.replace("|", "\\|").replace("*", "\\*") for sentence in sentences) or "—"


if __name__ == "__main__":
    PAGE.write_text(page())
