"""Every kind of tampering by somebody who owns the database but has no key: found, and named."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from audit import verify_audit, walk
from audit.actors import SYSTEM
from audit.canonical import COLUMNS, NOTHING, entry_bytes, seal_bytes, type_names
from audit.keys import Key
from audit.models import AuditChain, AuditEntry, AuditSeal, AuditVerification
from audit.record import record
from audit.seal import seal
from audit.verify_audit import ask, go_on, verify
from audit.walk import Head
from tests.operations.rounds import database_away_once

pytestmark = pytest.mark.database
REAL = timezone.now


def found(**more):
    """Return {(kind, sequence, entry)} of a fresh verification that is then forgotten."""
    row = verify(actor=SYSTEM, **more)
    AuditVerification.objects.filter(pk=row.pk).delete()
    return {(one["kind"], one["sequence"], one["entry"]) for one in row.findings}


def head():
    chain = AuditChain.objects.get()
    return Head(chain.sequence, chain.hash)


def test_a_sound_chain(sealed):
    row = verify(actor=SYSTEM)
    assert (row.found, row.findings, row.checked, row.reached) == (0, [], 8, 8)
    assert (row.reached_hash, row.newest_entry, row.is_sound) == (head().hash, sealed[-1].pk, True)
    entry = AuditEntry.objects.get(event="audit.verified")
    assert (entry.outcome, entry.additional_data["to"], entry.additional_data["hash"]) == ("ok", 8, head().hash)


@pytest.mark.parametrize("size", [1, 3, 8])
def test_batches_make_no_difference(sealed, sql, monkeypatch, size):
    monkeypatch.setattr(walk, "BATCH", size)
    assert found() == set()
    sql("UPDATE audit_entry SET reason = 'other' WHERE id = %s", sealed[4].pk)
    assert found() == {("altered", 5, sealed[4].pk)}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event", "thing.undone"),
        ("outcome", "refused"),
        ("reason", "because  2"),
        ("actor_name", "wang.wei"),
        ("actor_id", None),
        ("target", "other"),
        ("object_pk", "99"),
        ("object_id", None),
        ("scope", "PROD/warehouse"),
        ("remote_addr", "192.0.2.9"),
        ("remote_port", 1),
        ("cid", ""),
        ("actor_email", ""),
        ("request_id", "req-00000000"),
        ("changes_text", " "),
        ("action", 2),
        ("changes", json.dumps({"mode": ["off", "3"]})),
        ("additional_data", json.dumps({"n": 2, "b": [1, None, "三"]})),
        ("additional_data", None),
        ("serialized_data", json.dumps({})),
        ("timestamp", "2020-01-01 00:00:00.000000"),
        ("mark", None),
    ],
)
def test_an_altered_entry(sealed, sql, column, value):
    entry = sealed[2]
    assert sql(f"UPDATE audit_entry SET {column} = %s WHERE id = %s", value, entry.pk) == 1
    assert found() == {("altered", 3, entry.pk)}
    text = verify(actor=SYSTEM).findings[0]
    assert text["event"] == (value if column == "event" else "thing.done_2") and text["at"]


def test_a_content_type_that_was_changed(sealed, sql, root):
    other = record("thing.done", actor=SYSTEM, target=AuditChain.objects.get()).content_type_id
    sql("UPDATE audit_entry SET content_type_id = %s WHERE id = %s", other, sealed[0].pk)
    assert found() == {("altered", 1, sealed[0].pk)}


def test_json_that_only_looks_different_is_the_same(sealed, sql):
    sql("UPDATE audit_entry SET additional_data = %s WHERE id = %s", '{"b":  [1,null,"\\u4e8c"],  "n":2}', sealed[2].pk)
    assert found() == set()


def test_two_rows_with_their_contents_exchanged(sealed, sql):
    names = [name for name in COLUMNS if name not in ("id", "mark")]
    first, second = (AuditEntry.objects.filter(pk=entry.pk).values(*names).get() for entry in sealed[1:3])
    for entry, row in ((sealed[1], second), (sealed[2], first)):
        _overwrite(sql, entry.pk, row)
    assert found() == {("altered", 2, sealed[1].pk), ("altered", 3, sealed[2].pk)}


def test_a_removed_entry(sealed, sql):
    sql("DELETE FROM audit_entry WHERE id = %s", sealed[3].pk)
    assert found() == {("removed", 4, sealed[3].pk)}


def test_an_entry_removed_with_its_seal(sealed, sql):
    sql("DELETE FROM audit_entry WHERE id = %s", sealed[3].pk)
    sql("DELETE FROM audit_seal WHERE sequence = 4")
    assert found() == {("gap", 4, 0)}


def test_and_with_the_chain_closed_over_the_gap(sealed, sql):
    sql("DELETE FROM audit_entry WHERE id = %s", sealed[3].pk)
    sql("DELETE FROM audit_seal WHERE sequence = 4")
    for sequence in range(5, 9):
        sql("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", sequence - 1, sequence)
    kinds = found()
    assert ("misplaced", 4, sealed[4].pk) in kinds and ("cut", 8, 0) in kinds


def test_a_seal_that_was_taken_away(sealed, sql, later):
    sql("DELETE FROM audit_seal WHERE sequence = 4")
    assert found() == {("gap", 4, 0)}
    later(hours=1)
    assert found() >= {("gap", 4, 0), ("unsealed", 0, sealed[3].pk)}


def test_an_entry_put_in_by_hand(sealed, sql):
    entry = _put_in(sealed[0], sql)
    assert found() == {("inserted", 0, entry)}
    seal()  # the sealer can't tell
    assert found() == {("inserted", 9, entry)}


def test_and_one_with_the_mark_of_another(sealed, sql):
    row = AuditEntry.objects.values(*COLUMNS).get(pk=sealed[0].pk)
    entry = _put_in(sealed[0], sql, mark=row["mark"].replace(row["mark"][:4], "abcd", 1))
    assert found() == {("inserted", 0, entry)}


def test_everything_sealed_anew_by_the_service_itself(sealed, sql):
    """Somebody alters an entry, deletes the whole chain and lets the sealer make another one: the mark remains."""
    known = head()
    sql("UPDATE audit_entry SET actor_name = 'wang.wei' WHERE id = %s", sealed[2].pk)
    sql("DELETE FROM audit_seal")
    sql("DELETE FROM audit_chain")
    assert seal() == 8
    assert found() == {("inserted", 3, sealed[2].pk)}
    assert ("rewritten", 8, 0) in found(known=[known])


def test_an_entry_taken_away_and_the_rest_sealed_anew_is_found_by_the_log(sealed, sql):
    known = head()
    sql("DELETE FROM audit_entry WHERE id = %s", sealed[3].pk)
    sql("DELETE FROM audit_seal WHERE sequence >= 4")
    sql("UPDATE audit_chain SET sequence = 3, hash = %s", AuditSeal.objects.get(sequence=3).hash)
    assert seal() == 4
    assert found() == set(), "the database knows nothing of it"
    assert found(known=[known]) == {("cut", 8, 0)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="its unique columns can't be freed")
def test_a_copy_of_an_entry(sealed, sql):
    sql("ALTER TABLE audit_entry DROP INDEX mark")
    try:
        copy = _put_in(sealed[0], sql, like_all=True)
        seal()
        assert found() == {("inserted", 0, copy)}
        sql("DELETE FROM audit_entry WHERE id >= %s", copy)
    finally:
        sql("ALTER TABLE audit_entry ADD UNIQUE INDEX mark (mark)")


def test_two_seals_exchanged(sealed, sql):
    sql("UPDATE audit_seal SET sequence = 99 WHERE sequence = 4")
    sql("UPDATE audit_seal SET sequence = 4 WHERE sequence = 5")
    sql("UPDATE audit_seal SET sequence = 5 WHERE sequence = 99")
    kinds = {kind for kind, _, _ in found()}
    assert kinds == {"misplaced"}
    assert {entry for _, _, entry in found()} >= {sealed[3].pk, sealed[4].pk}


def test_a_seal_that_names_another_entry(sealed, sql):
    sql("UPDATE audit_seal SET entry_id = -1 WHERE sequence = 4")
    sql("UPDATE audit_seal SET entry_id = %s WHERE sequence = 5", sealed[3].pk)
    sql("UPDATE audit_seal SET entry_id = %s WHERE sequence = 4", sealed[4].pk)
    assert found() == {("forged", 4, sealed[4].pk), ("forged", 5, sealed[3].pk)}


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("key_id", "0" * 16, "unknown_key"),
        ("form", "a0", "unknown_key"),
        ("sealed_at", "2020-01-01 00:00:00.000000", "misplaced"),
        ("digest", "0" * 64, "forged"),
    ],
)
def test_an_altered_seal(sealed, sql, column, value, kind):
    sql(f"UPDATE audit_seal SET {column} = %s WHERE sequence = 4", value)
    assert found() == {(kind, 4, sealed[3].pk)}


def test_an_altered_hash_breaks_the_place_behind_it_too(sealed, sql):
    sql("UPDATE audit_seal SET hash = %s WHERE sequence = 4", "0" * 64)
    assert found() == {("misplaced", 4, sealed[3].pk), ("misplaced", 5, sealed[4].pk)}


def test_another_key_of_ours_in_a_seals_name(sealed, sql, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["b" * 40, *settings.SNAPSHOTTER["AUDIT_KEYS"]]}
    newer = verify_audit.Walk()._keys
    other = next(iter(newer))
    sql("UPDATE audit_seal SET key_id = %s WHERE sequence = 4", other)
    assert found() == {("forged", 4, sealed[3].pk)}


def test_a_chain_recomputed_without_the_key(sealed, sql):
    sql("UPDATE audit_entry SET reason = 'other' WHERE id = %s", sealed[2].pk)
    _recompute(Key(AuditSeal.objects.get(sequence=1).key_id, b"guessed"), sql)
    assert {("forged", number, entry.pk) for number, entry in enumerate(sealed, 1)} == found()


def test_a_chain_recomputed_with_a_key_of_their_own(sealed, sql):
    _recompute(Key("f" * 16, b"guessed"), sql)
    assert {kind for kind, _, _ in found()} == {"unknown_key"}


def test_the_newest_entries_cut_off_with_their_seals(sealed, sql):
    known = head()
    sql("DELETE FROM audit_entry WHERE id >= %s", sealed[6].pk)
    sql("DELETE FROM audit_seal WHERE sequence >= 7")
    assert found() == {("cut", 8, 0)}, "the head's row still knows"
    last = AuditSeal.objects.get(sequence=6)
    sql("UPDATE audit_chain SET sequence = 6, hash = %s", last.hash)
    assert found() == set(), "with the head's row changed too the database knows nothing of it"
    assert found(known=[known]) == {("cut", 8, 0)}, "but the log does"


def test_a_cut_is_found_by_what_an_earlier_verification_saw(sealed, sql):
    verify(actor=SYSTEM)
    seal()
    sql("DELETE FROM audit_entry WHERE id >= %s", sealed[6].pk)
    sql("DELETE FROM audit_seal WHERE sequence >= 7")
    sql("UPDATE audit_chain SET sequence = 6, hash = %s", AuditSeal.objects.get(sequence=6).hash)
    assert found() == {("cut", 8, 0)}


def test_a_seal_behind_the_head(sealed, sql):
    sql("UPDATE audit_chain SET sequence = 7, hash = %s", AuditSeal.objects.get(sequence=7).hash)
    assert found() == {("beyond", 8, 0)}


def test_a_deleted_person_changes_nothing(sealed, person):
    person.delete()
    assert found() == set()
    assert AuditEntry.objects.get(pk=sealed[0].pk).actor_id is not None


def test_keys_may_be_rotated(sealed, write, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["b" * 40, *settings.SNAPSHOTTER["AUDIT_KEYS"]]}
    write(2)
    seal()
    assert found() == set()
    assert AuditSeal.objects.values("key_id").distinct().count() == 2
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "AUDIT_KEYS": ["b" * 40]}
    assert {kind for kind, _, _ in found()} == {"unknown_key"}


def test_what_was_sealed_before_there_were_keys_is_still_verified(write, settings):
    own = settings.SNAPSHOTTER
    settings.SNAPSHOTTER = {**own, "AUDIT_KEYS": []}
    write(2)
    seal()
    settings.SNAPSHOTTER = own
    write(1)
    seal()
    assert found() == set()


def test_only_so_many_are_kept(sealed, sql, monkeypatch):
    monkeypatch.setattr(verify_audit, "SHOWN", 3)
    sql("UPDATE audit_entry SET reason = 'other'")
    row = verify(actor=SYSTEM)
    assert (row.found, len(row.findings)) == (8, 3)


def test_from_a_later_seal_on(sealed, sql):
    sql("UPDATE audit_entry SET reason = 'other' WHERE id IN (%s, %s)", sealed[1].pk, sealed[5].pk)
    assert found(start=4) == {("altered", 6, sealed[5].pk)}


# --- asked for, done by a worker


def test_a_worker_verifies_what_was_asked_for_slice_by_slice(sealed, root, monkeypatch):
    monkeypatch.setattr(walk, "BATCH", 3)
    row = ask(actor=root)
    assert row.is_open and AuditEntry.objects.filter(event="audit.verification_asked", actor_name="root").count() == 1
    seal()
    slices = 0
    while go_on(0.0):
        slices += 1
    row.refresh_from_db()
    assert slices == 4 and not row.is_open
    assert (row.found, row.checked, row.reached) == (0, 9, 9)
    entry = AuditEntry.objects.get(event="audit.verified")
    assert (entry.actor_name, entry.outcome) == ("root", "ok")


def test_asked_twice_is_asked_once(sealed, root):
    assert ask(actor=root).pk == ask(actor=root).pk
    assert AuditEntry.objects.filter(event="audit.verification_asked").count() == 1


def test_findings_outlive_a_slice(sealed, sql, root, monkeypatch):
    monkeypatch.setattr(walk, "BATCH", 2)
    sql("UPDATE audit_entry SET reason = 'other' WHERE id IN (%s, %s)", sealed[1].pk, sealed[7].pk)
    row = ask(actor=root)
    while go_on(0.0):
        pass
    row.refresh_from_db()
    assert [(one["kind"], one["entry"]) for one in row.findings] == [
        ("altered", sealed[1].pk),
        ("altered", sealed[7].pk),
    ]
    assert AuditEntry.objects.get(event="audit.verified").outcome == "failed"


def test_without_the_right_it_is_refused_and_told(sealed, manager):
    with pytest.raises(PermissionDenied):
        ask(actor=manager)
    assert not AuditVerification.objects.exists()
    assert AuditEntry.objects.get(event="audit.refused").actor_name == "manager"


def test_a_dead_workers_is_taken_over_and_a_living_ones_is_not(sealed, root):
    row = ask(actor=root)
    AuditVerification.objects.filter(pk=row.pk).update(lease_until=REAL() + timedelta(seconds=60))
    assert go_on(1.0) == 0
    AuditVerification.objects.filter(pk=row.pk).update(lease_until=REAL() - timedelta(seconds=1))
    assert go_on(60.0) == 1
    row.refresh_from_db()
    assert row.is_sound


def test_who_asked_may_be_gone(sealed, root):
    ask(actor=root)
    root.delete()
    go_on(60.0)
    assert AuditEntry.objects.get(event="audit.verified").actor_name == "system"


def test_nothing_asked_nothing_done(sealed):
    assert go_on(1.0) == 0


# --- the command


def run(capsys, *arguments):
    """Return (exit status, what was said)."""
    try:
        call_command("verify_audit", *arguments)
    except SystemExit as ended:
        return ended.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_the_command_says_all_is_well(sealed, capsys):
    status, said = run(capsys)
    assert status == 0
    assert f"8 entries checked, 0 findings; head 8:{head().hash}" in said


def test_the_command_names_what_is_wrong(sealed, sql, capsys):
    sql("UPDATE audit_entry SET reason = 'other' WHERE id = %s", sealed[2].pk)
    status, said = run(capsys)
    assert status == 1
    assert f"altered: seal 3, entry {sealed[2].pk}, thing.done_2, 20" in said


def test_the_command_takes_the_head_from_the_log(sealed, sql, caplog, write, capsys):
    with caplog.at_level(logging.INFO, "audit"):
        write(1)
        seal()
    words = dict(pair.split("=", 1) for pair in caplog.records[-1].getMessage().split())
    known = f"{words['sequence']}:{words['hash']}"
    assert run(capsys, "--head", known)[0] == 0
    sql("DELETE FROM audit_seal WHERE sequence >= 9")
    sql("UPDATE audit_chain SET sequence = 8, hash = %s", AuditSeal.objects.get(sequence=8).hash)
    AuditVerification.objects.all().delete()
    status, said = run(capsys, "--head", known)
    assert status == 1 and "cut: seal 9, it ends at 8" in said


@pytest.mark.parametrize("arguments", [("--head", "8"), ("--head", "x:" + "0" * 64), ("--from", "0")])
def test_the_command_refuses_what_it_can_not_read(db, arguments):
    with pytest.raises(CommandError) as error:
        call_command("verify_audit", *arguments)
    assert error.value.returncode in (1, 2)


def test_the_command_could_not(db):
    with database_away_once(), pytest.raises(CommandError) as error:
        call_command("verify_audit")
    assert error.value.returncode == 2


# --- as they would do it


def _overwrite(sql, pk, row):
    values = [json.dumps(row[name]) if isinstance(row[name], dict) else row[name] for name in row]
    sql(f"UPDATE audit_entry SET {', '.join(f'{name} = %s' for name in row)} WHERE id = %s", *values, pk)


def _put_in(like, sql, mark=None, like_all=False):
    row = AuditEntry.objects.values(*COLUMNS).get(pk=like.pk)
    row.update({} if like_all else {"reason": "put in", "mark": mark})
    row["id"] = AuditEntry.objects.order_by("-id")[0].pk + 1
    values = [json.dumps(value) if isinstance(value, dict) else value for value in row.values()]
    sql(f"INSERT INTO audit_entry ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", *values)
    return row["id"]


def _recompute(key, sql):
    """Make the whole chain anew with a key of one's own."""
    before, types = NOTHING, type_names()
    for row in AuditSeal.objects.order_by("sequence").values():
        entry = AuditEntry.objects.values(*COLUMNS).get(pk=row["entry_id"])
        row.update(key_id=key.id, digest=key.sign(entry_bytes(entry, types[entry["content_type_id"]])))
        before = key.sign(seal_bytes(row, before))
        values = (key.id, row["digest"], before, row["sequence"])
        sql("UPDATE audit_seal SET key_id = %s, digest = %s, hash = %s WHERE sequence = %s", *values)
    sql("UPDATE audit_chain SET hash = %s", before)
