import json
import time
from collections.abc import Iterator

import pytest
import requests

from tests.flows.stack import Stack, curl, fresh_database


@pytest.hookimpl(tryfirst=True)  # before the runner that spreads tests over processes reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One stack at a time: its processes need both cores, and a second one would only slow the first."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The product on a fresh MySQL database, with two Celery worker processes, beat and gunicorn."""
    folder = tmp_path_factory.mktemp("stack")
    with fresh_database(f"snapshotter_{folder.parent.name}_{folder.name}") as database:
        running = Stack(folder, database)
        try:
            running.set_up()
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="module")
def project(stack, dolphin_311_mysql):
    return stack.govern(dolphin_311_mysql)


@pytest.fixture(scope="module")
def token(stack, project):
    return stack.manage("service_account", "platform", "--project", str(project)).strip()


@pytest.fixture
def publish(stack, project, token, tmp_path):
    def send(key, definition, **options):
        body = tmp_path / "body.json"
        body.write_text(json.dumps({"project": project, "definition": definition, **options}, ensure_ascii=False))
        answer = curl(
            *("-X", "POST", f"{stack.url}/api/v1/workflows/{key}/publish?wait=60"),
            *("-H", f"Authorization: Bearer {token}", "-H", "Content-Type: application/json", "--data", f"@{body}"),
        )
        return json.loads(answer)

    return send


@pytest.fixture
def send(stack, project, token):
    """Post a publish and return (status, answer)."""

    def post(key, definition, **options):
        body = {"project": project, "definition": definition, **options}
        answer = requests.post(
            f"{stack.url}/api/v1/workflows/{key}/publish",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=120,
        )
        return answer.status_code, answer.json()

    return post


@pytest.fixture
def get(stack, token):
    def read(path):
        return requests.get(
            f"{stack.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=60
        ).json()

    return read


@pytest.fixture
def ended(get):
    """Wait for a sync's end and return it."""

    def wait(sync):
        deadline = time.monotonic() + 120
        while not (found := get(f"syncs/{sync}"))["is_finished"]:
            assert time.monotonic() < deadline, found
            time.sleep(0.3)
        return found

    return wait
