"""Who may do what, and why: the very answer that `may` gives, on page and command, for any number of people."""

import json

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from catalog.explain import askable, explain, explain_groups, people
from catalog.models import Project
from catalog.permissions import MANAGE, PUBLISH, QUARANTINE, RIGHTS, VIEW, may
from catalog.right_names import NAMES, SUPERUSER, Ground
from catalog.service_accounts import issue_token

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def other(instance):
    return Project.objects.create(instance=instance, code=99, name="other")


@pytest.fixture
def crowd(project, other, root, manager, viewer, outsider):
    """People with rights by each way there is, some by several, one gone."""
    names = ("everywhere", "by_group", "by_group_here", "elsewhere", "gone", "many_ways")
    made = {name: User.objects.create_user(name, is_staff=True) for name in names}
    night, day = Group.objects.create(name="night shift"), Group.objects.create(name="day <b>shift")
    assign_perm(PUBLISH, made["everywhere"])
    assign_perm(QUARANTINE, night)
    assign_perm(PUBLISH, day, project)
    assign_perm(MANAGE, made["elsewhere"], other)
    assign_perm(PUBLISH, made["gone"], project)
    assign_perm(PUBLISH, made["many_ways"], project)
    assign_perm(PUBLISH, made["many_ways"])
    assign_perm(VIEW, made["by_group_here"], project)
    for name, groups in {
        "by_group": [night],
        "by_group_here": [day],
        "gone": [night],
        "many_ways": [day, night],
    }.items():
        made[name].groups.set(groups)
    User.objects.filter(username="gone").update(is_active=False)
    issue_token("robot", project=project, role="rollback", days=3, actor=root)
    return list(User.objects.order_by("username"))


def test_it_is_the_answer_of_may_for_everybody_and_everywhere(crowd, project, other):
    held = explain(crowd, [project, other])
    assert len(held) == 2 * len(crowd)
    for row in held:
        person = User.objects.get(pk=row.who.pk)
        assert list(row.grounds) == [right for right in RIGHTS if may(person, right, row.project)], (
            row.who,
            row.project,
        )
    assert sum(len(row.grounds) for row in held) > 30


def test_the_list_of_people_is_those_who_may(crowd, project, other):
    for place in (project, other):
        for right in (None, *RIGHTS):
            expected = {
                person.username
                for person in User.objects.all()
                if any(may(person, one, place) for one in ([right] if right else RIGHTS))
            }
            assert set(people(place, right).values_list("username", flat=True)) == expected, (place, right)
    assert list(people(project, active=False).values_list("username", flat=True)) == ["gone"]


def test_each_way_is_named(crowd, project):
    why = {row.who.username: row.grounds for row in explain(crowd, [project])}
    assert why["root"] == {key: [SUPERUSER] for key in RIGHTS}
    assert why["everywhere"] == {PUBLISH: [Ground(everywhere=True)]}
    assert why["by_group"] == {QUARANTINE: [Ground(everywhere=True, group="night shift")]}
    assert why["by_group_here"][PUBLISH] == [Ground(everywhere=False, group="day <b>shift")]
    assert why["many_ways"][PUBLISH] == [
        Ground(everywhere=False),
        Ground(everywhere=False, group="day <b>shift"),
        Ground(everywhere=True),
    ]
    assert why["gone"] == why["elsewhere"] == why["outsider"] == {}
    assert set(NAMES) == set(RIGHTS)
    said = [str(ground) for ground in (*why["many_ways"][PUBLISH], *why["by_group"][QUARANTINE], SUPERUSER)]
    assert said == [
        "on this project",
        "by the group day <b>shift, here",
        "for all projects",
        "by the group night shift, for all projects",
        "superuser",
    ]


def test_groups_are_explained_with_their_active_members(crowd, project):
    found = {held.who.name: held for held in explain_groups(project)}
    assert found["night shift"].grounds == {QUARANTINE: [Ground(everywhere=True)]}
    assert found["night shift"].members == 2
    assert found["day <b>shift"].grounds == {PUBLISH: [Ground(everywhere=False)]}
    assert "Snapshotter managers" in found
    assert {held.who.name for held in explain_groups(project, VIEW)} == {
        name for name in found if name.startswith("Snapshotter")
    }


def test_managers_are_asked_before_superusers_and_machines_never(crowd, project, other):
    assert [person.username for person in askable(project)] == ["manager", "root"]
    assert [person.username for person in askable(other)] == ["elsewhere", "root"]


def crew(group, number):
    User.objects.bulk_create([User(username=f"p{n:04}") for n in range(number)])
    made = list(User.objects.filter(password="", username__regex=r"^p\d{4}$"))
    group.user_set.add(*made)
    return made


@pytest.mark.parametrize("number", [5, 300])
def test_queries_do_not_grow_with_people(number, project, django_assert_num_queries):
    group = Group.objects.create(name="crew")
    assign_perm(PUBLISH, group, project)
    made = crew(group, number)
    with django_assert_num_queries(7):
        held = explain(made, [project])
    assert all(row.grounds == {PUBLISH: [Ground(everywhere=False, group="crew")]} for row in held)


class TestPage:
    @pytest.fixture
    def at(self, project):
        return f"/projects/{project.pk}/who/"

    def test_a_manager_sees_everybody(self, crowd, at, client, manager):
        client.force_login(manager, backend=BACKEND)
        text = client.get(at).content.decode()
        for said in ("many_ways", "svc-robot", "service account", "night shift", "1 account that is not active"):
            assert said in text
        assert "<b>shift" not in text and "day &lt;b&gt;shift" in text
        assert "elsewhere" not in text and "gone" not in text

    def test_a_viewer_sees_their_own_and_whom_to_ask(self, crowd, at, client, viewer):
        client.force_login(viewer, backend=BACKEND)
        text = client.get(at).content.decode()
        assert "What you may do here" in text and "Ask for a right:" in text and "<b>manager</b>" in text
        assert "many_ways" not in text and "night shift" not in text
        assert text.count("● yes") == 1 and text.count("○ no") == len(RIGHTS) - 1

    def test_not_for_strangers(self, crowd, at, client, outsider):
        client.force_login(outsider, backend=BACKEND)
        assert client.get(at).status_code == 404
        client.logout()
        assert client.get(at).status_code == 302

    def test_by_right_and_by_name(self, crowd, at, client, manager):
        client.force_login(manager, backend=BACKEND)

        def names(query):
            return [str(row["held"].who) for row in client.get(at + query).context["people"]]

        assert names(f"?right={QUARANTINE}") == ["by_group", "manager", "many_ways", "root"]
        assert names("?name=by_") == ["by_group", "by_group_here"]
        assert names("?right=nonsense&name=svc-") == ["svc-robot"]

    def test_thousands_are_paged_with_few_queries(self, at, client, manager, project, django_assert_max_num_queries):
        group = Group.objects.create(name="crew")
        assign_perm(PUBLISH, group, project)
        crew(group, 5_000)
        client.force_login(manager, backend=BACKEND)
        client.get("/healthz")
        with django_assert_max_num_queries(40):
            first = client.get(at)
        assert len(first.context["people"]) == 50 and first.context["listed"].is_more
        last = client.get(f"{at}?before=")
        assert str(last.context["people"][-1]["held"].who) == "p4999"

    def test_it_speaks_chinese_and_is_linked(self, crowd, at, client, manager, project):
        client.force_login(manager, backend=BACKEND)
        assert at in client.get(f"/catalog/project/{project.pk}/change/").content.decode()
        assert at in client.get(f"/catalog/project/{project.pk}/permissions/").content.decode()
        client.cookies["django_language"] = "zh-hans"
        text = client.get(at).content.decode()
        assert "您在此处的权限" in text and "发布和采集" in text and "通过用户组 night shift，在所有项目" in text


class TestCommand:
    def test_a_project_in_words(self, crowd, project, capsys):
        call_command("who_may", str(project.code))
        said = capsys.readouterr().out
        assert said.startswith(f"sandbox/warehouse ({project.code})\n")
        assert (
            "  svc-robot (service account)\n    on this project: view_project, request_rollback_project, execute_"
            in said
        )
        assert "  root\n    superuser: everything\n" in said
        assert "left out: 1 not active" in said and "elsewhere" not in said

    def test_one_person_everywhere_as_json(self, crowd, capsys):
        call_command("who_may", user="elsewhere", json=True)
        (row,) = map(json.loads, capsys.readouterr().out.splitlines())
        assert (row["project_name"], row["right"], row["is_service_account"]) == ("other", "manage_project", False)
        assert row["why"] == [{"superuser": False, "everywhere": False, "group": None}]

    @pytest.mark.parametrize(("who", "status"), [("manager", 0), ("viewer", 1), ("gone", 1)])
    def test_its_status_answers_a_question(self, crowd, who, status, capsys):
        ended = 0
        try:
            call_command("who_may", "sandbox/warehouse", user=who, right="publish_project")
        except SystemExit as error:
            ended = error.code
        assert ended == status
        assert ("on this project: publish_project" in capsys.readouterr().out) == (status == 0)

    @pytest.mark.parametrize("wrong", [{"user": "nobody"}, {"right": "fly"}, {"project": "12"}, {"project": "a/b"}])
    def test_what_is_unknown_is_named(self, crowd, wrong):
        wrong = dict(wrong)
        named = [wrong.pop("project")] if "project" in wrong else []
        with pytest.raises(CommandError) as error:
            call_command("who_may", *named, **wrong)
        assert error.value.returncode == 2
        assert not AuditEntry.objects.filter(event__endswith="refused").exists()
