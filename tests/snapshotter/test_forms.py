"""The publish form: a file of any honest size, a message that is no place for secrets, one object of JSON."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from snapshotter.forms import GovernForm, PublishForm
from snapshotter.models import Snapshot, Sync
from snapshotter.work import run_due

BACKEND = "django.contrib.auth.backends.ModelBackend"
ASKED = {"message": "why", "online": "keep", "schedule": "keep", "definition": "{}"}


class Unread(SimpleUploadedFile):
    def read(self, *args):
        pytest.fail("it was read")


def form(data, content=None):
    files = {"file": SimpleUploadedFile("orders.json", content)} if content is not None else {}
    return PublishForm({**ASKED, **data}, files)


def test_a_file_is_taken_instead_of_the_text():
    asked = form({"definition": "nonsense"}, b'{"a": 1}')
    assert asked.is_valid() and asked.cleaned_data["body"] == {"a": 1}


def test_a_file_beyond_the_limit_is_not_read(settings):
    settings.SNAPSHOTTER = {**settings.SNAPSHOTTER, "MAX_BODY_BYTES": 100_000}
    asked = PublishForm(ASKED, {"file": Unread("orders.json", b"{" + b" " * 100_000 + b"}")})
    assert not asked.is_valid()
    assert "larger than 100000 bytes" in str(asked.errors)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe{}", b'{"a": NaN}', b'{"a": 1, "a": 2}'])
def test_a_file_that_is_no_definition(content):
    assert not form({}, content).is_valid()


def test_a_forced_publish_hides_a_secret_in_its_reason():
    asked = form({"force_reason": "agreed, password=hunter2"})
    assert asked.is_valid() and asked.cleaned_data["force_reason"] == "agreed, password=******"


def test_a_workflow_s_name_fits_its_column():
    assert not GovernForm({"workflow_code": 1, "name": "x" * 201}).is_valid()
    assert GovernForm({"workflow_code": 1, "name": "x" * 200}).is_valid()


def test_six_megabytes_by_the_page(publisher, client, project, make_definition, run_publish):
    run_publish(make_definition())
    client.force_login(publisher, backend=BACKEND)
    body = make_definition("echo 数据\n" * 450_000)
    content = json.dumps(body, ensure_ascii=False).encode()
    assert len(content) > 5_000_000
    data = {**ASKED, "definition": "", "base": 1, "file": SimpleUploadedFile("orders.json", content)}
    answer = client.post("/workflows/orders/publish/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    run_due()
    assert (Sync.objects.latest("pk").state, Snapshot.objects.get(version=2).status) == ("succeeded", "published")


def test_a_text_beyond_all_limits_is_a_bad_request(publisher, client, project, make_definition, run_publish):
    run_publish(make_definition())
    client.force_login(publisher, backend=BACKEND)
    answer = client.post("/workflows/orders/publish/", {**ASKED, "definition": "x" * 9_500_000})
    assert answer.status_code == 400
    assert "too large" in answer.content.decode()
    assert Sync.objects.count() == 1
