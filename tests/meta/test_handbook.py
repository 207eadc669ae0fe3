"""The handbook names what stands on the pages: in bold, word for word, in English and Chinese; what it has you type exists."""

import json
import re

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from operations.alerts.choices import Kind
from tests.meta.handbook import CHAPTERS, HANDBOOK, anchors, blocks, calls, chapter, chinese_of, commands, links, named

LANGUAGES = ["en", "zh"]


def test_the_reading_finds_them():
    assert {"index.md", "publishing.md", "lab.md"} <= set(CHAPTERS)
    assert "live" in named(chapter("concepts.md"))
    assert chinese_of("Put back") == {"恢复", "已恢复", "已恢复已发布版本"} and not chinese_of("Pull back")
    assert ("rollback", ["sandbox.warehouse.settle_shops", "1"]) in [
        (name, arguments[:2]) for name, arguments in commands(chapter("rolling-back.md"))
    ]
    assert ("POST", "/api/v1/workflows/orders/publish") in [call[:2] for call in calls(chapter("publishing.md"))]


@pytest.mark.parametrize("name", CHAPTERS)
def test_bold_words_are_those_of_the_pages(name):
    english, chinese = named(chapter(name)), named(chapter(name, "zh"))
    said = {label: chinese_of(label) for label in english}
    assert not [label for label, words in said.items() if not words], "no page says these"
    assert not [label for label, words in said.items() if not words & chinese], "not in the Chinese chapter"
    assert not chinese - set().union(*said.values()), "in the Chinese chapter alone"


@pytest.mark.parametrize("name", CHAPTERS)
def test_both_languages_have_the_same_codes_and_blocks(name):
    codes = [sorted(re.findall(r"`[a-z_]{4,}`", chapter(name, language))) for language in LANGUAGES]
    assert codes[0] == codes[1]
    assert blocks(chapter(name)) == blocks(chapter(name, "zh"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_command_exists_and_takes_its_options(name):
    text = chapter(name)
    for command, arguments in commands(text):
        parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
        try:
            parser.parse_args(arguments)
        except SystemExit:  # what argparse does at a terminal
            pytest.fail(f"{name}: {command} {arguments}")
    assert not set(re.findall(r"manage\.py (\w+)", text)) - set(get_commands())


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_call_leads_somewhere_and_sends_json(name):
    for method, path, body in calls(chapter(name)):
        assert hasattr(resolve(path).func.cls, method.lower()), f"{method} {path}"
        assert not body or json.loads(body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHAPTERS)
def test_links_stay_in_their_language_and_find_their_heading(name, language):
    own = name if language == "en" else name.replace(".md", ".zh.md")
    for file, anchor in links(chapter(name, language)):
        target = HANDBOOK / (file or own)
        assert target.exists(), file
        assert not anchor or anchor in anchors(target.read_text()), f"{file}#{anchor}"
        to_the_other = file == (name if language == "zh" else name.replace(".md", ".zh.md"))
        if target.parent == HANDBOOK and not to_the_other:
            assert target.name.endswith(".zh.md") == (language == "zh"), f"{own} sends its reader to {file}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_names_every_chapter(language):
    named_there = {file for file, _ in links(chapter("index.md", language))}
    chapters = {name if language == "en" else name.replace(".md", ".zh.md") for name in CHAPTERS if name != "index.md"}
    assert not chapters - named_there


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_found_among_the_failures(language):
    """A new code of docs/errors.md gets its line in failures.md and failures.zh.md: what happened, what to do first."""
    text = (HANDBOOK.parent / "errors.md").read_text()
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    codes = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}
    assert {"live_changed", "tenant_missing", "goes_offline"} <= codes
    lines = "\n".join(line for line in chapter("failures.md", language).splitlines() if line.startswith("|"))
    assert not {code for code in codes if f"`{code}`" not in lines}


def test_every_alert_has_its_first_click():
    rows = "\n".join(line for line in chapter("on-call.md").splitlines() if line.startswith("|"))
    assert not [str(kind.label) for kind in Kind if f"**{kind.label}**" not in rows]
