"""What a reader must find in the docs, taken from the code: settings, error codes, permissions, audit events, make targets."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from catalog.errors import ServiceError
from catalog.models import Project
from definitions.errors import DefinitionError
from dolphin.errors import DolphinError
from rollback.impact.finding_words import WORDS as FINDINGS
from snapshotter.preflight.words import WORDS

ROOT = Path(__file__).resolve().parents[2]


def docs(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def subclasses(kind: type) -> list[type]:
    return [kind, *(inner for child in kind.__subclasses__() for inner in subclasses(child))]


@pytest.mark.parametrize("tree", [ServiceError, DefinitionError, DolphinError])
def test_every_error_code_is_documented(tree):
    import config.urls  # noqa: F401  loads every module that has errors

    text = docs("errors.md")
    missing = {kind.code for kind in subclasses(tree)[1:] if f"`{kind.code}`" not in text}
    assert not missing


def test_every_sync_failure_is_documented():
    source = "\n".join(path.read_text() for path in (ROOT / "snapshotter").glob("*.py"))
    source += (ROOT / "dolphin" / "plan.py").read_text()
    codes = set(re.findall(r'(?:SyncFailed|Stuck)\(\s*"([a-z_]+)"', source)) | {"not_equal"}
    assert codes
    assert not {code for code in codes if f"`{code}`" not in docs("errors.md")}


def test_every_setting_is_documented():
    source = "".join(
        (ROOT / "config" / name).read_text() for name in ("settings.py", "own_settings.py", "sign_in_settings.py")
    )
    names = set(re.findall(r'env(?:\.\w+)*\(\s*"([A-Z_]+)"', source))
    assert "SNAPSHOTTER_LEASE" in names
    assert not {name for name in names if f"`{name}`" not in docs("settings.md")}
    assert settings.SNAPSHOTTER.keys() >= {"LEASE", "WRITE_SETTLE"}


def test_every_permission_and_audit_event_is_documented():
    text = docs("permissions.md")
    names = [name for name, _ in Project._meta.permissions] + ["view_project"]
    assert not [name for name in names if f"`{name}`" not in text]
    packages = ("audit", "catalog", "snapshotter", "versions", "rollback", "drift", "operations")
    source = "\n".join(path.read_text() for package in packages for path in (ROOT / package).rglob("*.py"))
    events = set(re.findall(r'(?:record|record_refusal|EVENT = |event=)\(?\s*"([a-z_]+\.[a-z_]+)"', source))
    assert "publish.duplicate" in events
    assert not {event for event in events if f"`{event}`" not in docs("audit.md")}


def test_translations_are_complete_and_compiled():
    folder = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
    text = (folder / "django.po").read_text()
    assert "#, fuzzy" not in text
    untranslated = re.findall(r'msgid ((?:".*"\n)+)msgstr(?:\[0\])? ""\n(?!")', text.split("\n\n", 1)[1])
    assert not untranslated, "texts without a translation"
    assert (folder / "django.mo").exists()


def test_links_in_the_docs_lead_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
            if not target.startswith(("http", "mailto")):
                assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_project_names_no_machine():
    words = re.compile(r"(^|[^.a-z:/\w])/(work|root)/")
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "Makefile"]:
        assert not words.search(path.read_text()), path


def test_every_promise_names_a_proof_that_exists():
    rows = [line for line in docs("promises.md").splitlines() if line.startswith("|") and "---" not in line]
    rows = [row for row in rows if not row.startswith("| promise")]
    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(tests/[\w/.]+)`", row)
        assert named, row
        assert not [path for path in named if not (ROOT / path).exists()], row


def test_every_finding_of_a_rollback_is_documented():
    assert not {code for code in FINDINGS if f"`{code}`" not in docs("errors.md")}


def test_every_word_of_preflight_is_documented():
    assert not {code for code in WORDS if f"`{code}`" not in docs("errors.md")}
