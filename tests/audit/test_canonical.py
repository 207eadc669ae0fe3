"""Form a1, fixed for ever: what is signed of an entry and of a seal, byte by byte, and alike from every database."""

from datetime import UTC, datetime

import pytest

from audit.canonical import COLUMNS, NOTHING, entry_bytes, seal_bytes, type_names, written_bytes
from audit.keys import Key
from audit.models import AuditEntry
from audit.record import record
from audit.walk import entries_of

pytestmark = pytest.mark.database

ROW = {
    "id": 7,
    "mark": "00ff.k.aa",
    "timestamp": datetime(2026, 11, 26, 1, 2, 3, 45, tzinfo=UTC),
    "event": "publish.accepted",
    "outcome": "ok",
    "reason": "因为 <b>\n",
    "request_id": "req-12345678",
    "scope": "prod/warehouse",
    "actor_id": 3,
    "actor_name": "li.na",
    "actor_email": None,
    "content_type_id": 5,
    "object_pk": "orders",
    "object_id": None,
    "object_repr": "orders",
    "target": "orders",
    "action": 1,
    "changes": {"b": ["1", "2"], "a": None},
    "changes_text": "",
    "serialized_data": None,
    "additional_data": {"n": 1.5, "list": [True, "", None]},
    "cid": None,
    "remote_addr": "192.0.2.7",
    "remote_port": None,
}
REST = (
    '"action":1,"actor_email":null,"actor_id":3,"actor_name":"li.na","additional_data":{"list":[true,"",null],"n":1.5},'
    '"changes":{"a":null,"b":["1","2"]},"changes_text":"","cid":null,"content_type":"catalog.workflow",'
    '"event":"publish.accepted","form":"a1",'
)
TAIL = (
    '"object_id":null,"object_pk":"orders","object_repr":"orders","outcome":"ok","reason":"因为 <b>\\n",'
    '"remote_addr":"192.0.2.7","remote_port":null,"request_id":"req-12345678","scope":"prod/warehouse",'
    '"serialized_data":null,"target":"orders","timestamp":"2026-11-26T01:02:03.000045Z"}'
)


def test_the_golden_bytes_of_an_entry():
    assert entry_bytes(ROW, "catalog.workflow").decode() == "{" + REST + '"id":7,"mark":"00ff.k.aa",' + TAIL
    assert (
        written_bytes(ROW, "catalog.workflow", "00ff").decode()
        == "{" + REST.replace("1.5", '"1.5"') + '"nonce":"00ff",' + TAIL
    )


def test_the_golden_bytes_of_a_seal():
    seal = {
        "sequence": 1,
        "entry_id": 7,
        "form": "a1",
        "key_id": "k",
        "digest": "d",
        "sealed_at": datetime(2026, 11, 26, tzinfo=UTC),
    }
    assert seal_bytes(seal, NOTHING).decode() == (
        f'{{"before":"{"0" * 64}","digest":"d","entry_id":7,"form":"a1","key_id":"k",'
        '"sealed_at":"2026-11-26T00:00:00.000000Z","sequence":1}'
    )
    assert Key("k", b"secret").sign(seal_bytes(seal, NOTHING)) == GOLDEN


GOLDEN = "d2da8c049c320493fa22c8a157e489e824b2e5a0f1f78cdd6c9b2331daa51fc2"


def test_every_column_is_signed():
    """A column that is added needs a form of its own beside a1."""
    assert {field.attname for field in AuditEntry._meta.concrete_fields} == set(COLUMNS)


@pytest.mark.parametrize("name", sorted(set(COLUMNS) - {"content_type_id"}))
def test_null_and_empty_differ(name):
    assert entry_bytes({**ROW, name: None}, "x") != entry_bytes({**ROW, name: ""}, "x")


def test_what_a_database_gives_back_is_the_same_everywhere(person):
    """MySQL sorts the keys of JSON by length, and cuts nothing off a moment."""
    entry = record(
        "thing.done",
        actor=person,
        target=person,
        reason="  a\u00a0b 😀 ",
        changes={"zz": (1, 2), "a": (None, "é")},
        detail={"long": 1, "b": 2.5, "aa": {"y": [9007199254740993, 1e-7], "x": 0.1}, "": "\\u0000 \u0001"},
    )
    row = entries_of([entry.pk])[entry.pk]
    fixed = {"id": 1, "mark": "m", "timestamp": ROW["timestamp"], "actor_id": 1, "object_id": 1, "object_pk": "1"}
    assert entry_bytes({**row, **fixed}, type_names()[row["content_type_id"]]).decode() == (
        '{"action":1,"actor_email":null,"actor_id":1,"actor_name":"li.na","additional_data":{"":"\\\\u0000 \\u0001",'
        '"aa":{"x":0.1,"y":[9007199254740993,1e-07]},"b":2.5,"long":1},"changes":{"a":["None","é"],"zz":["1","2"]},'
        '"changes_text":"","cid":null,"content_type":"auth.user","event":"thing.done","form":"a1","id":1,"mark":"m",'
        '"object_id":1,"object_pk":"1","object_repr":"li.na","outcome":"ok","reason":"  a\u00a0b 😀 ","remote_addr":null,'
        '"remote_port":null,"request_id":"","scope":"","serialized_data":null,"target":"li.na",'
        '"timestamp":"2026-11-26T01:02:03.000045Z"}'
    )
    assert row["timestamp"] == entry.timestamp
