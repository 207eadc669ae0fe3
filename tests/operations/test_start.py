"""Who may ask for a run, once per scope."""

import pytest

from audit.models import AuditEntry
from catalog.choices import Mode
from catalog.errors import NotAllowed, NotFound, ProjectOff
from operations.choices import RunKind
from operations.models import OperationRun
from operations.start import start


def test_a_second_request_gets_the_open_run(project, publisher):
    first = start(RunKind.BASELINE, instance=project.instance, project=project, actor=publisher)
    again = start(RunKind.BASELINE, instance=project.instance, project=project, actor=publisher)
    assert (first[1], again) == (True, (first[0], False))
    _, other = start(RunKind.INVENTORY, instance=project.instance, project=project, actor=publisher)
    assert other
    assert AuditEntry.objects.filter(event="run.accepted").count() == 2


@pytest.mark.parametrize("kind", list(RunKind))
def test_refused_without_the_right(kind, project, viewer, outsider, publisher):
    for person, error in ((viewer, NotAllowed), (outsider, NotFound)):
        with pytest.raises(error):
            start(kind, instance=project.instance, project=project, actor=person)
    with pytest.raises(NotAllowed):
        start(kind, instance=project.instance, actor=publisher)  # a whole instance
    assert AuditEntry.objects.filter(event="run.refused", outcome="refused").count() == 3
    assert not OperationRun.objects.exists()


def test_mode_off_allows_looking_only(project, publisher, root):
    project.mode = Mode.OFF
    project.save()
    for kind in (RunKind.BASELINE, RunKind.BACKFILL):
        with pytest.raises(ProjectOff):
            start(kind, instance=project.instance, project=project, actor=publisher)
    assert start(RunKind.INVENTORY, instance=project.instance, project=project, actor=publisher)[1]
    assert start(RunKind.INVENTORY, instance=project.instance, actor=root)[1]


def test_a_global_right_is_enough(project, django_user_model):
    from django.contrib.auth.models import Permission

    person = django_user_model.objects.create_user("everywhere", is_staff=True)
    person.user_permissions.add(*Permission.objects.filter(codename__in=["view_project", "publish_project"]))
    assert start(RunKind.BASELINE, instance=project.instance, project=project, actor=person)[1]


def test_runs_are_seen_by_those_who_see_the_project(project, publisher, viewer, outsider, root):
    mine, _ = start(RunKind.INVENTORY, instance=project.instance, project=project, actor=publisher)
    whole, _ = start(RunKind.INVENTORY, instance=project.instance, actor=root)
    assert list(OperationRun.objects.visible_to(viewer)) == [mine]
    assert not OperationRun.objects.visible_to(outsider)
    assert set(OperationRun.objects.visible_to(root)) == {mine, whole}
