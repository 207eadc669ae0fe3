"""What went wrong is said where the person is: in the form, on the page one came from, or on a page of its own."""

import pytest

from audit.actors import SYSTEM
from catalog.clients import pause
from catalog.models import Project
from catalog.service_accounts import issue_token

BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_a_token_that_can_not_be_made_says_so_in_the_form(manager, project, client):
    other = Project.objects.create(instance=project.instance, code=99, name="other")
    issue_token("theirs", project=other, role="view", days=5, actor=SYSTEM)
    client.force_login(manager, backend=BACKEND)
    path = f"/projects/{project.pk}/service-accounts/"
    for name, says in (("A B", "small letters"), ("theirs", "projects you do not manage")):
        page = client.post(path, {"name": name, "role": "view", "days": 5})
        assert page.status_code == 200 and says in page.content.decode()
        assert page.context["token"] == ""


@pytest.mark.parametrize("referer", ["", "http://evil.test/", "http://testserver/workflows/orders/"])
def test_a_refused_act_goes_back_only_to_our_own_page(
    run_publish, make_definition, publisher, client, project, referer
):
    run_publish(make_definition())
    Project.objects.update(mode="off")
    client.force_login(publisher, backend=BACKEND)
    answer = client.post("/workflows/orders/capture/", {}, headers={"Referer": referer})
    if "testserver" in referer:
        assert (answer.status_code, answer["Location"]) == (302, referer)
        assert "mode is off" in client.get("/workflows/orders/").content.decode()
    else:
        assert answer.status_code == 409
        assert "mode is off" in answer.content.decode() and "project_off" in answer.content.decode()


def test_a_paused_instance_is_a_cause_on_the_page_of_differences(
    run_publish, make_definition, viewer, client, instance
):
    run_publish(make_definition())
    pause(instance, "token refused")
    client.force_login(viewer, backend=BACKEND)
    page = client.get("/workflows/orders/diff/?left=published&right=live")
    assert page.status_code == 200
    assert "compared now" in page.content.decode() and "paused" in page.content.decode()
    assert client.get("/workflows/orders/diff/?left=7&right=live").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "to: publish and capture. The project&#x27;s page"), ("zh-hans", "具有权限：发布和采集")],
)
def test_a_refusal_names_the_permission_and_whom_to_ask(
    run_publish, make_definition, viewer, client, project, language, said
):
    run_publish(make_definition())
    client.force_login(viewer, backend=BACKEND)
    client.cookies["django_language"] = language
    answer = client.post("/workflows/orders/capture/", {})
    text = answer.content.decode()
    assert answer.status_code == 403 and said in text and project.scope in text
