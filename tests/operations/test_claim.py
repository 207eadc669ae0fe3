"""Workers that claim at the same moment, over real connections: one of them works on an instance, the others do not."""

import threading

import pytest
from django.db import connection, connections

from catalog.choices import Mode
from catalog.models import Instance, Project
from operations import claim
from operations.choices import RunKind, RunState
from operations.models import OperationRun


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_instance():
    if connection.vendor != "mysql":
        pytest.skip("needs a database with row locks")
    instance = Instance.objects.create(name="busy", base_url="http://127.0.0.1:9/dolphinscheduler")
    projects = [Project.objects.create(instance=instance, code=n, name=f"p{n}", mode=Mode.RECORD) for n in (1, 2, 3)]
    for _ in range(5):
        runs = [
            OperationRun.objects.create(kind=kind, instance=instance, project=project, actor_name="x").pk
            for project in projects
            for kind in RunKind
        ]
        start, got = threading.Barrier(len(runs)), []

        def work(run_id, start=start, got=got):
            start.wait()
            try:
                if claim.claim(run_id) is not None:
                    got.append(run_id)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=(run_id,)) for run_id in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 1
        assert OperationRun.objects.filter(state=RunState.RUNNING).count() == 1
        OperationRun.objects.all().delete()
