"""The content store: pieces shared, every read checked, damage found and named."""

import json
import zlib

import pytest
from django.core.management import CommandError, call_command

from definitions.canonical import canonicalise, from_c1
from snapshotter import manifest, store
from snapshotter.errors import ContentDamaged
from snapshotter.models import DefinitionBlob, DefinitionContent, Snapshot
from snapshotter.verify import verify_snapshots


def test_what_goes_in_comes_out(run_publish, make_definition):
    body = make_definition("echo 数据")
    snapshot = run_publish(body).snapshot
    assert store.document_of(snapshot) == canonicalise(from_c1(body)).document
    assert store.get_content(snapshot.content_hash).content_hash == snapshot.content_hash


def test_versions_share_their_pieces(run_publish, make_definition):
    run_publish(make_definition())
    before = DefinitionBlob.objects.count()
    run_publish(make_definition("echo new"))
    assert DefinitionBlob.objects.count() == before + 1
    assert DefinitionContent.objects.count() == 2


def test_a_damaged_piece_spoils_only_its_versions(run_publish, make_definition, capsys):
    run_publish(make_definition("echo one"))
    run_publish(make_definition("echo two"))
    hit = next(blob for blob in DefinitionBlob.objects.all() if b"echo two" in zlib.decompress(blob.data))
    DefinitionBlob.objects.filter(pk=hit.pk).update(data=zlib.compress(b"other"))
    with pytest.raises(ContentDamaged):
        store.document_of(Snapshot.objects.get(version=2))
    assert store.document_of(Snapshot.objects.get(version=1)).name == "orders_daily"
    found = list(verify_snapshots())
    assert {damage.row for damage in found} >= {hit.sha256}
    assert {version for damage in found for version in damage.versions} == {"orders v2"}
    with pytest.raises(SystemExit):
        call_command("verify_snapshots")
    assert hit.sha256 in capsys.readouterr().out


def test_sound_content_is_said_to_be_sound(run_publish, make_definition, capsys):
    run_publish(make_definition())
    call_command("verify_snapshots")
    assert "matches its hashes" in capsys.readouterr().out


@pytest.mark.parametrize("ids", [[], [1], [5, 4, 3], [1, 10**12, 2], list(range(1000))])
def test_manifests_pack_any_ids(ids):
    assert manifest.unpack(manifest.pack(ids)) == ids


def test_a_cut_manifest_is_refused():
    with pytest.raises(ValueError, match="inside a number"):
        manifest.unpack(zlib.compress(b"\x80"))


def test_import_snapshot_keeps_a_file_as_a_version(project, make_definition, tmp_path, capsys):
    file = tmp_path / "d.json"
    file.write_text(json.dumps(make_definition()))
    for expected in ("imported v1", "holds this already"):
        call_command("import_snapshot", str(file), project=project.code, key="imported")
        assert expected in capsys.readouterr().out
    file.write_text("{")
    with pytest.raises(CommandError, match="not valid JSON"):
        call_command("import_snapshot", str(file), project=project.code, key="imported")
    assert Snapshot.objects.count() == 1


def test_only_the_pieces_that_differ_are_told_and_read(run_publish, make_definition, django_assert_num_queries):
    live = canonicalise(from_c1(make_definition("echo one")))
    same = run_publish(make_definition("echo one")).snapshot
    assert store.unlike(same.content_hash, live) == (None, {})
    other = make_definition("echo two")
    other["definitions"]["settings"]["description"] = "new"
    snapshot = run_publish(other).snapshot
    with django_assert_num_queries(3):
        settings, tasks = store.unlike(snapshot.content_hash, live)
    assert (json.loads(settings), len(tasks)) == ({"description": "new"}, 1)
    assert json.loads(next(iter(tasks.values())))["taskParams"]["rawScript"] == "echo two"
    DefinitionBlob.objects.filter(sha256=store.sha256(settings)).update(data=zlib.compress(b"other"))
    with pytest.raises(ContentDamaged):
        store.unlike(snapshot.content_hash, live)
