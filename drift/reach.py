"""Finding a drift by its address, and what a reader may do about it, each refusal in words. Reads only."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit.actors import Actor
from catalog.choices import Mode
from catalog.errors import NotFound
from catalog.models import Project
from catalog.pages import actor_of
from catalog.permissions import MANAGE_POLICY, PUBLISH, PUT_BACK, TRIAGE_DRIFT, rights
from drift.adopt import NOTHING_THERE
from drift.difference import fields_of
from drift.models import DriftItem, IgnoreRule
from rollback.models import RollbackRequest
from rollback.reading import Act
from snapshotter.choices import LiveState

_RELATED = (
    *("workflow__project__instance", "workflow__state__published", "workflow__state__lock"),
    *("project__instance", "published", "assignee", "sync"),
)


def item_of(request: HttpRequest, pk: int) -> DriftItem:
    """Return the item with all its page shows. Raises NotFound, also where the reader may not see it."""
    rows = DriftItem.objects.visible_to(actor_of(request)).select_related(*_RELATED)
    found: DriftItem | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def hide_elsewhere(items: Iterable[DriftItem], reader: Actor) -> None:
    """Give workflows that went on to a project the reader may not see the name and the project of then. For pages, never before a verb."""
    hidden = [item for item in items if item.workflow.project_id != item.project_id]
    seen = Project.objects.seen_among({item.workflow.project_id for item in hidden}, reader)
    for item in hidden:
        if item.workflow.project_id not in seen:
            item.workflow.name, item.workflow.project = item.published.label, item.project


def hide_names(rules: Iterable[IgnoreRule], reader: Actor) -> None:
    """The same for the workflows of rules, which keep no name of then: the key stands for it."""
    workflows = [rule.workflow for rule in rules if rule.workflow and rule.workflow.project_id != rule.project_id]
    seen = Project.objects.seen_among({workflow.project_id for workflow in workflows}, reader)
    for workflow in workflows:
        if workflow.project_id not in seen:
            workflow.name = workflow.key


def ways_of(item: DriftItem, reader: Actor, asked: RollbackRequest | None) -> dict[str, Act]:
    """Return {name: act} of an item that stands; `asked` is the workflow's open request, None for none."""
    if not item.is_standing:
        return {}
    held = rights(reader, item.project)
    triage = Act("" if TRIAGE_DRIFT in held else _("You may not triage drift in this project."))
    return {
        "put_back": Act(_not_put_back(item, rights(reader, item.workflow.project), asked)),
        "adopt": Act(_not_adopted(item, rights(reader, item.workflow.project))),
        "ignore": Act(_not_ignored(item, held)),
        "triage": triage,
    }


def _not_put_back(item: DriftItem, held: frozenset[str], asked: RollbackRequest | None) -> str:
    if item.live_state == LiveState.MISSING:
        return _("It is not in DolphinScheduler any more: restore it.")
    if PUT_BACK not in held:
        return _("You may not put the published version back in this project.")
    if item.workflow.project.mode != Mode.PUBLISH:
        return _("The project does not write to DolphinScheduler.")
    if asked is not None:
        return _("This workflow has an open rollback already.")
    return ""


def _not_adopted(item: DriftItem, held: frozenset[str]) -> str:
    if item.live_state in NOTHING_THERE:
        return _("There is nothing to adopt.")
    if PUBLISH not in held:
        return _("You may not publish in this project.")
    if item.workflow.project.mode == Mode.OFF:
        return _("The project is off: nothing is captured or published.")
    if item.workflow.state.lock_id is not None:
        return _("A change is running.")
    return ""


def _not_ignored(item: DriftItem, held: frozenset[str]) -> str:
    if not {TRIAGE_DRIFT, MANAGE_POLICY} & held:
        return _("You may not ignore fields in this project.")
    if not fields_of(item):
        return _("What is deleted or corrupt has no field to ignore.")
    return ""
