"""What a workflow that is gone may be bound to: workflows that somebody made by hand under its name, or itself in another project.

Reads DolphinScheduler, writes nothing. Tasks are matched by name and type: a person looks at the result and confirms.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from catalog.models import Project, Workflow
from definitions.canonical import Canonical, canonicalise
from definitions.compare import compare
from definitions.document import Document
from definitions.recode import NO_ALIASES, Aliases
from definitions.secrets import mask_text
from dolphin.client import DolphinClient
from dolphin.observe import Observation, observe
from snapshotter.lost.make_anew import find_place
from snapshotter.models import FormerCode, WorkflowState
from snapshotter.store import document_of

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A workflow in DolphinScheduler, by the origin codes that its tasks would have.

    `pairs`: {code there: origin code} of the tasks that are taken for the same. `changes`: how many differences to the published version.
    """

    code: int
    name: str
    dolphin_version: int
    pairs: dict[int, int]
    same: tuple[str, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    changes: int


@dataclass(frozen=True, slots=True)
class Found:
    """`place`: the governed project that has the workflow under its own code, None where it is gone from all of them."""

    place: Project | None
    candidates: tuple[Candidate, ...]


def find(client: DolphinClient, workflow: Workflow, *, code: int | None = None) -> Found:
    """Look for the workflow itself, then for those of its name (or of this code). A few calls. Raises DolphinError."""
    place = find_place(client, workflow)
    if place is not None:
        return Found(place, ())
    project = workflow.project.code
    rows = client.version_probe(project)
    name = _folded(workflow.name)
    wanted = [row for row in rows if row["code"] == code or (code is None and _folded(row["name"]) == name)]
    free = [row for row in wanted if not Workflow.objects.filter(workflow_code=row["code"]).exists()]
    looked = [candidate(workflow, observe(client, project, row["code"], NO_ALIASES)) for row in free[:MOST]]
    return Found(None, tuple(one for one in looked if one is not None))


def candidate(workflow: Workflow, live: Observation) -> Candidate | None:
    """Return how a workflow in DolphinScheduler compares with the published version; None where it can't be read."""
    published = WorkflowState.objects.select_related("published").get(workflow=workflow).published
    if live.canonical is None or live.state.code is None or live.problems or published is None:
        return None
    shown, held = live.canonical.document, document_of(published)
    pairs = matches(shown, held)
    adopted = _adopted(workflow, live.canonical, live.state.code, pairs)
    same = set(pairs.values())
    return Candidate(
        code=live.state.code,
        name=shown.name,
        dolphin_version=live.state.version or 0,
        pairs=pairs,
        same=_names(held, same),
        added=_names(shown, shown.tasks.keys() - pairs.keys()),
        missing=_names(held, held.tasks.keys() - same),
        changes=len(compare(held, adopted.document).changes),
    )


def matches(shown: Document, held: Document) -> dict[int, int]:
    """Return {code shown: origin code} of tasks of one name and type; a name that stands twice on either side tells nothing.

    A code that stands on both sides is that task, whatever its name is now.
    """
    both = shown.tasks.keys() & held.tasks.keys()
    pairs = {code: code for code in both}
    left, right = (_by_look(document, both) for document in (shown, held))
    return pairs | {code: right[look] for look, code in left.items() if look in right}


def _by_look(document: Document, without: set[int]) -> dict[tuple[str, str], int]:
    looks = {code: (str(task.get("name")), str(task.get("taskType"))) for code, task in document.tasks.items()}
    counts = Counter(looks.values())
    return {look: code for code, look in looks.items() if counts[look] == 1 and code not in without}


def _adopted(workflow: Workflow, canonical: Canonical, code: int, pairs: dict[int, int]) -> Canonical:
    origin = FormerCode.objects.filter(workflow=workflow).values_list("code", flat=True).first()
    aliases = Aliases.of(pairs, origin_workflow=origin or workflow.workflow_code).at(code)
    return canonicalise(aliases.to_origins(canonical.document), check=False)


def _names(document: Document, codes: set[int]) -> tuple[str, ...]:
    return tuple(mask_text(str(document.tasks[code].get("name"))) for code in sorted(codes))


def _folded(name: object) -> str:
    """As MySQL compares names."""
    return str(name).rstrip().casefold()
