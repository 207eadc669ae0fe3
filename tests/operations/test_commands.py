"""Commands as an operator types them: what they print, and how they exit."""

import json
import zlib

import pytest
from django.core.management import CommandError, call_command
from knox.models import AuthToken

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.models import Project, Workflow
from snapshotter.models import DefinitionBlob, DefinitionContent, Snapshot


def refused(*command, says, code=2, **options):
    with pytest.raises(CommandError, match=says) as error:
        call_command(*command, **options)
    assert error.value.returncode == code


def test_a_token_is_printed_once_and_works(project, capsys, client):
    call_command("service_account", "platform", project=project.code, role="view", days=5)
    token = capsys.readouterr().out.strip()
    answer = client.get("/api/v1/workflows", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["results"]) == (200, [])
    assert token not in str(AuthToken.objects.values_list().get())
    row = AuditEntry.objects.get(event="service_account.token_issued")
    assert (row.actor_name, token in str(row.additional_data)) == ("system", False)


def test_a_token_for_nothing(project):
    refused("service_account", "platform", says="No governed project", project=4711)
    refused("service_account", "A B", says="small letters", project=project.code)
    refused("service_account", "ok", says="1 to 730", project=project.code, days=0)
    assert AuthToken.objects.count() == 0


@pytest.fixture
def file(tmp_path, make_definition):
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(make_definition()))
    return path


def test_a_file_becomes_a_version_once(project, file, capsys, dolphin):
    for _ in range(2):
        call_command("import_snapshot", str(file), project=project.code, key="orders", message="old export")
    said = capsys.readouterr().out.splitlines()
    snapshot = Snapshot.objects.get()
    assert said == [f"orders v1 {snapshot.content_hash}", "orders v1 holds this already"]
    assert (snapshot.trigger, snapshot.trigger_ref, snapshot.message) == ("import", "orders.json", "old export")
    assert snapshot.workflow.state.published is None  # nothing was proven
    assert AuditEntry.objects.filter(event="snapshot.imported").count() == 1
    assert dolphin.log == []


@pytest.mark.parametrize(
    ("text", "says"),
    [("{", "not valid JSON"), ("[1]", "one JSON object"), ('{"a": NaN}', "NaN"), ('{"hello": 1}', "not a definition")],
)
def test_a_file_that_is_none(project, tmp_path, text, says):
    path = tmp_path / "x.json"
    path.write_text(text)
    refused("import_snapshot", str(path), says=says, project=project.code, key="orders")
    assert Workflow.objects.count() == 0


def test_an_import_that_can_not_be(project, file, tmp_path):
    refused("import_snapshot", str(tmp_path / "none.json"), says="No such file", project=project.code, key="orders")
    refused("import_snapshot", str(file), says="No governed project", project=4711, key="orders")
    refused("import_snapshot", str(file), says="workflow key", project=project.code, key="a/b")
    other = Project.objects.create(instance=project.instance, code=99, name="other", mode=Mode.RECORD)
    call_command("import_snapshot", str(file), project=other.code, key="theirs")
    refused("import_snapshot", str(file), says="another project", project=project.code, key="theirs")
    assert Snapshot.objects.count() == 1


def test_verify_says_that_all_is_sound(run_publish, make_definition, capsys):
    run_publish(make_definition())
    call_command("verify_snapshots")
    assert "matches its hashes" in capsys.readouterr().out


def _other_bytes(blob):
    DefinitionBlob.objects.filter(pk=blob.pk).update(data=zlib.compress(b"other"))


def _no_zlib(blob):
    DefinitionBlob.objects.filter(pk=blob.pk).update(data=b"rubbish")


@pytest.mark.parametrize(("spoil", "problem"), [(_other_bytes, "hash"), (_no_zlib, "zlib")])
def test_verify_names_the_damaged_row_and_who_holds_it(run_publish, make_definition, capsys, spoil, problem):
    run_publish(make_definition("echo one"))
    run_publish(make_definition("echo two"))
    hit = next(blob for blob in DefinitionBlob.objects.all() if b"echo two" in zlib.decompress(blob.data))
    spoil(hit)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_snapshots")
    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert f"workflow_definition_blob {hit.sha256}: {problem}, held by orders v2" in out
    assert "orders v1" not in out
    assert "Restore these rows" in err


@pytest.mark.parametrize("ids", [[], ["swapped"]])
def test_verify_outlives_a_manifest_of_wrong_pieces(run_publish, make_definition, capsys, ids):
    from snapshotter import manifest  # the packing the table holds

    run_publish(make_definition())
    row = DefinitionContent.objects.get()
    good = manifest.unpack(bytes(row.manifest))
    DefinitionContent.objects.update(manifest=manifest.pack(list(reversed(good)) if ids else []))
    with pytest.raises(SystemExit):
        call_command("verify_snapshots")
    assert f"workflow_definition_content {row.content_hash}: manifest, held by orders v1" in capsys.readouterr().out
