"""What can be said of the definition by itself: masks, lengths, size, characters that DolphinScheduler's database may not hold."""

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from definitions.document import Document
from definitions.secrets import has_masked_values
from dolphin.flavours import Flavour
from dolphin.forms import definition_form
from snapshotter.preflight.parts import Change, Problem

LARGEST_CREATE: Final = (
    5_000_000  # encoded bytes of a POST form: DolphinScheduler's own default; a PUT has no such bound
)
LONGEST_DESCRIPTION: Final = 255  # characters; refused with 1400004
LONGEST_TEXT: Final = 65_535  # bytes of a MySQL `text` column
_FOUR_BYTES: Final = re.compile("[\U00010000-\U0010ffff]")


def content_problems(change: Change, flavour: Flavour) -> Iterator[Problem]:
    yield from _masks(change)
    yield from _description(change)
    yield from _characters(change)
    yield from _lengths(change)
    if change.is_new:
        yield from _size(change, flavour)


def _masks(change: Change) -> Iterator[Problem]:
    changed = Document(change.wanted.name, change.settings, change.tasks, [], schedule=change.schedule)
    for path in has_masked_values(changed):
        yield Problem("masked_value", {"path": path})


def _description(change: Change) -> Iterator[Problem]:
    if len(str(change.settings.get("description") or "")) > LONGEST_DESCRIPTION:
        yield Problem("description_too_long", {"most": LONGEST_DESCRIPTION})


def _characters(change: Change) -> Iterator[Problem]:
    texts = [(change.name_of(code), text.decode()) for code, text in change.texts.items()]
    texts += [(key, json.dumps(value, ensure_ascii=False)) for key, value in change.settings.items()]
    if change.is_renamed:
        texts.append(("name", change.wanted.name))
    for where, text in texts:
        if not text.isascii() and _FOUR_BYTES.search(text):
            yield Problem("four_byte_characters", {"where": where}, is_blocking=False)


def _lengths(change: Change) -> Iterator[Problem]:
    long_ones = {"globalParams": change.settings.get("globalParams")}
    if change.layout_differs:
        layout = change.wanted.layout or {}
        long_ones["locations"] = [{"taskCode": code, **place} for code, place in layout.items()]
    for name, value in long_ones.items():
        if value and len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) > LONGEST_TEXT:
            yield Problem("text_too_long", {"where": name, "most": LONGEST_TEXT}, is_blocking=False)


def _size(change: Change, flavour: Flavour) -> Iterator[Problem]:
    size = len(urlencode(definition_form(change.wanted, flavour=flavour, live=None)))
    if size > LARGEST_CREATE:
        yield Problem("too_large_to_create", {"size": size, "most": LARGEST_CREATE})
