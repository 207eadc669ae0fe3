"""The handbook names what stands on the pages: in bold, word for word, in English and Chinese."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

HANDBOOK = Path(settings.BASE_DIR) / "docs" / "handbook"
CHAPTERS = sorted(path.name for path in HANDBOOK.glob("*.md") if not path.name.endswith(".zh.md"))


def named(text: str) -> set[str]:
    return set(re.findall(r"\*\*(.+?)\*\*", text))


@pytest.mark.parametrize("name", CHAPTERS)
def test_bold_words_are_those_of_the_pages(name):
    english = named((HANDBOOK / name).read_text())
    with translation.override("zh-hans"):
        words = {text: gettext(text) for text in english}
    unknown = [text for text, said in words.items() if text == said]
    assert not unknown, f"no page says {unknown}"
    chinese = named((HANDBOOK / name.replace(".md", ".zh.md")).read_text())
    assert chinese == set(words.values()), "the two languages name the same buttons"


@pytest.mark.parametrize("name", CHAPTERS)
def test_both_languages_have_the_same_commands_and_codes(name):
    quoted = [
        sorted(re.findall(r"`[a-z_]{4,}`|^python .*|^  -d .*", (HANDBOOK / file).read_text(), re.MULTILINE))
        for file in (name, name.replace(".md", ".zh.md"))
    ]
    assert quoted[0] == quoted[1]
