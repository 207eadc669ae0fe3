"""No secret leaves through a comparison, and each of its values looks as the same place of the masked document does."""

import hashlib
import json
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from definitions.canonical import canonicalise, to_c1
from definitions.compare import Kind, compare, masked, to_json
from definitions.parameters import by_prop
from definitions.secrets import mask
from tests.definitions.shapes import A
from tests.definitions.strategies import canonicals
from tests.definitions.test_compare import BASE, SCHEDULE, with_task


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def _everywhere(canary):
    """A definition with a secret in each place a secret is recognised in."""
    params = {
        "rawScript": f"export PASSWORD={canary}\nmysql -uetl -p{canary} -e 'select 1'\ncurl -u etl:{canary} http://x",
        "localParams": [
            {"prop": "db_password", "direct": "IN", "value": canary},
            {"prop": "u", "value": f"token={canary}"},
        ],
        "url": f"jdbc:mysql://etl:{canary}@db:3306/x?password={canary}",
        "connection": {"password": canary, "more": {"accessKey": [canary, canary]}, "prop": "x.token", "value": canary},
        "secret": {"value": canary, "token": canary},
        "single": {"prop": "password", "value": canary, "token": canary},
    }
    return replace(
        with_task(A, taskParams=params, name=f"load --password {canary}", description=f"password: {canary}"),
        name=f"orders password={canary}",
        settings={
            "description": f"secret={canary}",
            "globalParams": [{"prop": "db.password", "value": canary}, {"prop": f"token={canary}", "value": "x"}],
            "value": canary,
            "prop": "password",
            "apiToken": canary,
        },
        schedule={**SCHEDULE, "note": f"Authorization: Bearer {canary}"},
        relations=[*BASE.relations, {"preTaskCode": A, "postTaskCode": A, "name": f"pwd={canary}"}],
    )


ONE, OTHER = (canonicalise(_everywhere(canary), check=False).document for canary in ("c4n4ry-One", "c4n4ry-Two"))


def test_no_canary_is_left_in_any_comparison():
    for left, right in ((BASE, ONE), (ONE, BASE), (ONE, OTHER), (None, ONE)):
        shown = json.dumps(to_json(masked(compare(left, right), digest=digest)))
        at = shown.find("c4n4ry")
        assert at < 0, shown[max(at - 200, 0) : at + 50]


def test_each_changed_secret_is_still_seen_to_have_changed():
    plain, shown = compare(ONE, OTHER), masked(compare(ONE, OTHER), digest=digest)
    assert len(plain.changes) == len(shown.changes) > 10
    for change in shown.changes:
        assert json.dumps(change.before) != json.dumps(change.after), change


def test_masking_twice_changes_nothing_more():
    once = masked(compare(ONE, OTHER), digest=digest)
    assert masked(once, digest=digest) == once


def _place(document, change):
    """Where a change's value stands in a document: the whole thing, or what its path leads to. KeyError where it is absent."""
    if change.kind in (Kind.TASK_ADDED, Kind.TASK_REMOVED):
        return document["definitions"]["tasks"][str(change.task)]
    if change.kind in (Kind.TASK_MODIFIED, Kind.TASK_RENAMED):
        found = document["definitions"]["tasks"][str(change.task)]
    elif change.kind.startswith("schedule"):
        found = document["schedule"]
    elif change.kind == Kind.LABEL_CHANGED:
        found = document
    else:
        found = document["definitions"]["settings"]
    for step in change.path:
        named = by_prop(found)
        found = named[mask(step, digest=digest)] if named is not None else found[step]
    return found


@settings(max_examples=80)
@given(canonicals(), canonicals())
def test_values_look_as_in_the_masked_documents(left, right):
    _assert_as_in_documents(left.document, right.document)


def test_values_look_as_in_the_masked_documents_with_secrets_everywhere():
    for left, right in ((BASE, ONE), (ONE, BASE), (ONE, OTHER)):
        _assert_as_in_documents(left, right)


def _assert_as_in_documents(left, right):
    documents = [mask(to_c1(document), digest=digest) for document in (left, right)]
    plain = compare(left, right)
    for known, change in zip(plain.changes, masked(plain, digest=digest).changes, strict=True):
        if change.kind.startswith(("relation", "layout")) or known.path == ("value",):
            continue  # an edge has no place of its own; a field called value is hidden in any case
        for document, value, absent in (
            (documents[0], change.before, known.before_absent or known.kind.endswith("_added")),
            (documents[1], change.after, known.after_absent or known.kind.endswith("_removed")),
        ):
            if not absent:
                assert json.dumps(value, sort_keys=True) == json.dumps(_place(document, known), sort_keys=True)


@given(st.text("abc", min_size=6, max_size=8), st.text("abc", min_size=6, max_size=8))
def test_equal_secrets_look_alike_and_others_do_not(one, other):
    assume(one != other)
    left, right = (
        replace(BASE, settings={"globalParams": [{"prop": "password", "value": value}]}) for value in (one, other)
    )
    (change,) = masked(compare(left, right), digest=digest).changes
    assert change.before["value"] != change.after["value"]
    assert one not in str(change.before) and other not in str(change.after)
