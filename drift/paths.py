"""Names of the fields in which two states of a workflow may differ: what an ignored field names, and what a finding lists.

`name`, `layout.<task>`, `settings.<field>`, `tasks.<task>`, `tasks.<task>.<field>`, `relations.<before>.<after>`, `schedule`,
`schedule.<field>`, `state.online`, `state.schedule_online`. Tasks by their origin code, fields as the comparator names them; a dot in a
name of somebody's choice, such as a parameter's, is written %2E.
"""

from typing import Final

from definitions.changes import RELATION_KINDS, SCHEDULE_KINDS, TASK_KINDS, Change, Kind

ONLINE: Final = "state.online"
SCHEDULE_ONLINE: Final = "state.schedule_online"
ANY: Final = "*"


def path_of(change: Change) -> str:
    """Return the name of the field that a change is of."""
    return ".".join(map(_written, _parts(change)))


def _written(part: str) -> str:
    """Return a part without what has a meaning of its own in a path: a dot, and `*` alone."""
    part = part.replace("%", "%25").replace(".", "%2E")
    return "%2A" if part == ANY else part


def _parts(change: Change) -> tuple[str, ...]:
    if change.kind in TASK_KINDS:
        return ("tasks", str(change.task), *change.path)
    if change.kind in RELATION_KINDS:
        edge = change.after or change.before
        return ("relations", str(edge["preTaskCode"]), str(edge["postTaskCode"]))
    if change.kind in SCHEDULE_KINDS:
        return ("schedule", *change.path)
    if change.kind == Kind.LABEL_CHANGED:
        return ("name",)
    if change.kind == Kind.LAYOUT_CHANGED:
        return ("layout", str(change.task))
    return ("settings", *change.path)


def covers(rule: str, path: str) -> bool:
    """Whether a rule names the field or something that holds it; `*` stands for any one part."""
    wanted, given = rule.split("."), path.split(".")
    return len(wanted) <= len(given) and all(one in (ANY, part) for one, part in zip(wanted, given, strict=False))
