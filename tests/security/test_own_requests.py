"""One's own rollback and somebody else's, and the command: what the table of verbs can't say in a line."""

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from catalog.errors import ServiceError
from catalog.permissions import APPROVE_ROLLBACK, EXECUTE_ROLLBACK, REQUEST_ROLLBACK, VIEW
from rollback.approve import approve
from rollback.cancel import cancel
from rollback.choices import Verdict
from rollback.models import RollbackRequest
from rollback.reject import reject
from rollback.review import review
from tests.conftest import _person as person
from tests.security.rollback_verbs import _made, _reviewed
from tests.security.world import World

ALL = (VIEW, REQUEST_ROLLBACK, APPROVE_ROLLBACK, EXECUTE_ROLLBACK)


@pytest.fixture
def world(db):
    return World()


def last_refusal():
    return AuditEntry.objects.filter(outcome="refused").order_by("-pk").values_list("event", "actor_name").first()


DECIDING = {
    "rollback.decision_refused": [
        lambda row, who: approve(row, actor=who),
        lambda row, who: reject(row, actor=who, comment="no"),
    ],
    "rollback.review_refused": [lambda row, who: review(row, actor=who, verdict=Verdict.RIGHT, text="fine")],
}


@pytest.mark.parametrize(("event", "act"), [(event, act) for event, acts in DECIDING.items() for act in acts])
@pytest.mark.parametrize("scope", ["project", "everywhere"])
def test_nobody_decides_on_their_own(world, event, act, scope):
    who = person("li.na", world.project if scope == "project" else None, *ALL)
    row = _reviewed(world) if event == "rollback.review_refused" else _made(world)
    RollbackRequest.objects.filter(pk=row.pk).update(requested_by=who)
    row.refresh_from_db()
    with pytest.raises(ServiceError) as caught:
        act(row, who)
    assert caught.value.code == "own_request"
    assert last_refusal() == (event, "li.na")


def test_a_superuser_does_not_either(world, root):
    row = _made(world, requested_by=root)
    with pytest.raises(ServiceError, match=r"request of their own"):
        approve(row, actor=root)
    assert last_refusal() == ("rollback.decision_refused", "root")


def test_ones_own_is_taken_back_with_the_right_to_ask_and_others_only_by_who_executes(world):
    who = person("li.na", world.project, VIEW, REQUEST_ROLLBACK)
    cancel(_made(world, requested_by=who), actor=who)
    with pytest.raises(ServiceError) as caught:
        cancel(_made(world), actor=who)
    assert caught.value.code == "not_allowed"
    assert last_refusal() == ("rollback.cancel_refused", "li.na")


@pytest.mark.parametrize(
    ("rights", "where", "said"),
    [
        ((VIEW,), "here", "not_allowed"),
        ((), "here", "not_found"),
        ((VIEW, REQUEST_ROLLBACK), "elsewhere", "not_found"),
        ((VIEW, REQUEST_ROLLBACK), "here", "instance_paused"),
        ((VIEW, REQUEST_ROLLBACK), "everywhere", "instance_paused"),
    ],
)
def test_the_command_asks_for_the_persons_rights(world, rights, where, said):
    """The matrix' instance is disabled: that it is paused says that the right was there."""
    person("li.na", {"here": world.project, "elsewhere": world.other}.get(where), *rights)
    with pytest.raises(CommandError, match=said):
        call_command("rollback", "orders", "1", "--user", "li.na", "--reason", "why")
    refused = said in ("not_allowed", "not_found")
    assert last_refusal() == (("rollback.request_refused", "li.na") if refused else None)
