"""Places on our pages that apps above fill, in their `AppConfig.ready`: nothing here knows who they are.

A panel gets the workflow and returns safe HTML (by a template or `format_html`), "" for nothing. It reads only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils.safestring import SafeString

from audit.actors import Actor
from audit.models import AuditEntry
from catalog.models import Workflow
from snapshotter.models import Snapshot, Sync

Panel = Callable[[Workflow], SafeString | str]


class VersionAct(Protocol):
    """Make the button of one version, "" for none. `anyway`: also where a list would not offer it."""

    def __call__(self, version: Snapshot, *, anyway: bool = False) -> SafeString | str: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the start page and where it leads; `tone` is the chip's colour."""

    name: str
    tone: str
    count: int
    address: str


workflow_panels: Final[list[Panel]] = []  # below the facts of a workflow's page, in the order they were added
version_acts: Final[list[Callable[[Workflow, Actor], VersionAct]]] = []  # beside versions
sync_notes: Final[list[Callable[[Sync], SafeString | str]]] = []  # on the page of a sync
StartPanel = Callable[[Actor], SafeString | str]
start_panels: Final[list[StartPanel]] = []  # above the search of the start page, in the order they were added
start_figures: Final[list[Callable[[Actor], Iterable[Figure]]]] = []  # before the figures of the start page

# Kinds of objects (app.model) whose name begins with a workflow's key and a blank: their entries are part of the workflow's history.
history_kinds: Final[list[str]] = ["catalog.workflow", "snapshotter.snapshot"]

# Addresses of objects in the trail by kind; "" for none. Apps above add theirs.
Address = Callable[[AuditEntry], str]
trail_addresses: Final[dict[str, Address]] = {}


def panels_of(workflow: Workflow) -> list[SafeString | str]:
    """Return what there is to show."""
    return [shown for panel in workflow_panels if (shown := panel(workflow))]


def acts_of(
    workflow: Workflow, reader: Actor, *versions: Snapshot, anyway: bool = False
) -> dict[int, list[SafeString | str]]:
    """Return {version's id: buttons} of one workflow's versions; what holds for all of them is asked once."""
    makers = [maker(workflow, reader) for maker in version_acts] if versions else []
    made = {version.pk: [make(version, anyway=anyway) for make in makers] for version in versions}
    return {key: [button for button in buttons if button] for key, buttons in made.items()}


def notes_of(sync: Sync) -> list[SafeString | str]:
    """Return what there is to say on a sync's page."""
    return [note for make in sync_notes if (note := make(sync))]


def figures_of(reader: Actor) -> list[Figure]:
    """Return what apps above count for this reader."""
    return [figure for several in start_figures for figure in several(reader)]


def start_panels_of(reader: Actor) -> list[SafeString | str]:
    """Return what apps above have to say on the start page."""
    return [shown for panel in start_panels if (shown := panel(reader))]
