"""Whose database it is: written by the first migrate, told apart in a copy, taken over by a person."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from audit.actors import SYSTEM
from audit.models import AuditEntry
from catalog.adopt_deployment import adopt_deployment
from catalog.choices import Mode
from catalog.deployment import is_ours, mode_of, note_first, own_identity
from catalog.errors import NotAllowed
from catalog.models import Deployment, Project
from operations import doctor

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_migrate_writes_it_and_no_later_one_changes_it(db):
    assert Deployment.objects.get().identity == "tests"
    assert is_ours()
    Deployment.objects.update(identity="production")
    note_first()
    assert (Deployment.objects.get().identity, is_ours()) == ("production", False)


def test_without_a_row_it_is_nobodys(db):
    Deployment.objects.all().delete()
    assert not is_ours()


@pytest.mark.parametrize("mode", Mode)
def test_the_mode_that_counts(db, mode):
    project = Project(mode=mode)
    assert mode_of(project) == mode
    Deployment.objects.update(identity="production")
    assert mode_of(project) == (Mode.OFF if mode == Mode.OFF else Mode.RECORD)


def test_without_a_setting_the_place_of_the_database_tells(db, settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "DEPLOYMENT_ID": ""}
    derived = own_identity()
    assert derived.startswith("at-") and derived == own_identity()
    assert not is_ours()


def test_a_superuser_adopts_once_and_it_is_audited(db, root, outsider):
    Deployment.objects.update(identity="production")
    with pytest.raises(NotAllowed):
        adopt_deployment(actor=outsider)
    assert AuditEntry.objects.get(event="deployment.refused").actor_name == "outsider"
    assert adopt_deployment(actor=root) is True
    assert adopt_deployment(actor=root) is False
    entry = AuditEntry.objects.get(event="deployment.adopted")
    assert (entry.changes["identity"], entry.actor_name) == (["production", "tests"], "root")
    assert is_ours()


def test_the_command_names_who_ran_it(db, capsys):
    Deployment.objects.all().delete()
    call_command("adopt_deployment")
    assert capsys.readouterr().out == "adopted: tests\n"
    assert Deployment.objects.get().adopted_by
    assert adopt_deployment(actor=SYSTEM) is False


def test_doctor_says_it_with_its_fix(db):
    (fine,) = doctor._deployment()
    assert fine.is_ok
    Deployment.objects.update(identity="production")
    (bad,) = doctor._deployment()
    assert "adopt_deployment" in bad.fix


def test_pages_say_that_nothing_is_written(db, client, viewer):
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    assert "adopt_deployment" not in client.get("/workflows/").content.decode()
    Deployment.objects.update(identity="production")
    assert "adopt_deployment" in client.get("/workflows/").content.decode()
    client.logout()
    assert "adopt_deployment" not in client.get("/login/").content.decode()


def test_migrating_a_part_only_does_not_fail(tmp_path):
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "manage.py", "migrate", "auth", "--verbosity", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
