"""Reading the handbook's chapters: the labels they name in bold, the commands and calls in their blocks, their links."""

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

ROOT = Path(settings.BASE_DIR)
HANDBOOK = ROOT / "docs" / "handbook"
CHAPTERS = sorted(path.name for path in HANDBOOK.glob("*.md") if not path.name.endswith(".zh.md"))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TEXT = r'((?:".*"\n)+)'
_ENTRY = re.compile(rf'^msgid {_TEXT}(?:msgid_plural {_TEXT})?msgstr(?:\[0\])? ((?:".*"\n?)+)', re.MULTILINE)


def chapter(name: str, language: str = "en") -> str:
    return (HANDBOOK / (name if language == "en" else name.replace(".md", ".zh.md"))).read_text()


def named(text: str) -> set[str]:
    """Return what stands in bold outside of blocks: words of the pages, by the handbook's own rule."""
    return set(re.findall(r"\*\*(.+?)\*\*", FENCE.sub("", text)))


@cache
def catalog() -> dict[str, set[str]]:
    """Return the Chinese of each text of ours, in all the contexts that it has."""
    found: dict[str, set[str]] = {}
    for english, _, chinese in _ENTRY.findall((ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").read_text() + "\n"):
        found.setdefault(_joined(english), set()).add(_joined(chinese))
    return found


def _joined(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.strip().split("\n"))


def chinese_of(label: str) -> set[str]:
    """Return how pages say it in Chinese; empty where no page says it. A field's label begins with a capital on the page."""
    ours = catalog().get(label) or catalog().get(label[0].lower() + label[1:])
    if ours:
        return ours
    with translation.override("zh-hans"):  # words of the admin
        said = gettext(label)
    return {said} - {label}


def blocks(text: str) -> list[str]:
    """Return what is to be typed; drawings (`text`) are left out."""
    return [body for kind, body in FENCE.findall(text) if kind != "text"]


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each `manage.py` command of the blocks with its arguments, placeholders filled in."""
    for block in blocks(text):
        for line in re.findall(r"^python manage\.py (.*)$", block, re.MULTILINE):
            name, *arguments = shlex.split(re.sub(r"\$[A-Z]+", "1", line))
            yield name, arguments


def calls(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each curl of the blocks: method, path, body (empty: none)."""
    for block in blocks(text):
        for call in re.split(r"^(?=curl )", block, flags=re.MULTILINE):
            if found := re.search(r'"\$SITE([^"?]*)', call):
                method = re.search(r"-X (\w+)", call)
                body = re.search(r"-d '(.*)'", call, re.DOTALL)
                filled = re.sub(r"""'"?\$[A-Z]+"?'""", "1", body[1]) if body else ""
                yield method[1] if method else "GET", re.sub(r"\$[A-Z]+", "1", found[1]), filled


def links(text: str) -> list[tuple[str, str]]:
    """Return (file, anchor) of each link to a page of ours; pictures are left out."""
    found = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]*)#?([^)]*)\)", FENCE.sub("", text))
    return [(file, anchor) for file, anchor in found if not file.startswith("http")]


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as forges and the built book make them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
