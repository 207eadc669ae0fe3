"""What is kept in English and shown to a reader has its Chinese: sentences of the code, words of a journal, texts of pages."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from catalog.say import say
from definitions.compare import Kind
from dolphin.plan import Action

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
FIRST = {"InvalidRequest", "NotFound", "InvalidDefinition", "Conflict", "Incurable", "_doubtful"} | {
    *("DolphinUnavailable", "DolphinUnauthorized", "DolphinUnknownOutcome", "DolphinUnexpected"),
    *("MalformedJson", "DuplicateKey", "NotANumber", "TooDeep", "TooLarge", "TooManyTasks", "InvalidText"),
}
SECOND = {"SyncFailed", "Stuck", "Step", "pause"}
VALUE = "V4LUE"


def sentences() -> Iterator[tuple[str, str]]:
    """Every text literal that the makers above are called with, (place, text), each value in it replaced by VALUE."""
    for package in (
        "definitions",
        "dolphin",
        "catalog",
        "snapshotter",
        "versions",
        "rollback",
        "drift",
        "operations",
        "config",
    ):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"sandbox", "management", "migrations"} & set(path.parts):
                yield from _of(path)


def _of(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text())
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        place = 0 if call.func.id in FIRST else 1 if call.func.id in SECOND else None
        if place is not None and len(call.args) > place:
            text = _text(call.args[place], constants)
            if text:  # a second sentence that may be empty has its own line in words.py
                yield f"{path.relative_to(ROOT)}:{call.lineno}", text.replace(f".{VALUE}", ".")


def _text(node: ast.expr, constants: dict[str, ast.expr]) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(part.value if isinstance(part, ast.Constant) else VALUE for part in parts)
        case ast.Name(id=name) if name in constants:
            return _text(constants[name], constants)
        case ast.Subscript(value=cut):  # an f-string cut to a length
            return _text(cut, constants) if isinstance(cut, ast.JoinedStr) else None
        case ast.BinOp(left=left, op=ast.Mod()):
            text = _text(left, constants)
            return text and text.replace("%(code)s", VALUE)
    return None


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


FOUND = list(sentences())


def test_the_search_finds_them():
    assert len(FOUND) > 100
    assert {"snapshotter/look.py", "dolphin/plan.py", "definitions/validate.py"} <= {
        at.split(":")[0] for at, _ in FOUND
    }


@pytest.mark.parametrize(("place", "text"), FOUND)
def test_every_sentence_has_its_chinese(place, text):
    with translation.override("zh-hans"):
        said = say(text)
    assert is_chinese(said), f"{place}: {text}"
    assert (VALUE in said) == (VALUE in text)


@pytest.mark.parametrize("word", [*Action, *Kind, "read", "preflight", "platform", "no_effect", "settled"])
def test_every_word_of_a_journal_has_its_chinese(word):
    with translation.override("zh-hans"):
        assert is_chinese(say(str(word))) or is_chinese(say(f"{word} name"))


def test_no_text_of_a_page_waits_for_its_chinese():
    text = PO.read_text()
    assert "#~" not in text and "fuzzy" not in text
    left = subprocess.run(["msgattrib", "--untranslated", str(PO)], capture_output=True, text=True, check=True)
    assert not left.stdout.strip()


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("掩码", "脱敏"),
        ("冻结", "封网"),
        ("在线 ", "线上"),
        ("参考", "引用"),
        ("移除", "删除"),
        (" key ", "标识"),
        ("受管", "纳管"),
    ],
)
def test_one_thing_has_one_chinese_word(word, instead):
    translated = [line for line in PO.read_text().split("\n") if line.startswith("msgstr") and word in line]
    assert not translated, f"elsewhere this is called {instead}"
