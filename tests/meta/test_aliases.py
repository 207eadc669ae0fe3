"""Nobody reads or writes a workflow without saying by which codes: one reading that forgets them takes every task for another."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ABOVE = ("snapshotter", "versions", "rollback", "drift", "operations", "config")
# Arguments with the aliases, by place, or under the name `aliases`.
ASKED = {
    "dolphin.observe": {"observe": 4, "observe_again": 4, "judge": 4},
    "dolphin.recover": {"Past": 4},
    "dolphin.perform": {"ready": 9, "perform": 9},
}


def calls(path):
    tree = ast.parse(path.read_text())
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ASKED:
            for alias in node.names:
                if alias.name in ASKED[node.module]:
                    imported[alias.asname or alias.name] = ASKED[node.module][alias.name]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
            says = len(node.args) >= imported[node.func.id] or any(word.arg == "aliases" for word in node.keywords)
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id}", says


FOUND = [call for package in ABOVE for path in sorted((ROOT / package).rglob("*.py")) for call in calls(path)]


def test_the_search_finds_them():
    assert {"snapshotter/look.py", "versions/live.py", "operations/visits.py"} <= {at.split(":")[0] for at, _ in FOUND}


@pytest.mark.parametrize(("place", "says"), FOUND)
def test_every_look_says_by_which_codes(place, says):
    assert says, "give it aliases_of(workflow), or NO_ALIASES where codes don't matter"
