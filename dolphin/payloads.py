"""DolphinScheduler's JSON to the neutral document: what a GET shows, what a request form holds, what a caller may send us.

Enters: decoded JSON of any flavour. Leaves: a Document of `definitions`. Pure; the way back is `dolphin/forms.py`.
"""

from collections import Counter
from typing import Any, Final

from definitions.canonical import from_c1
from definitions.document import Document
from definitions.errors import DefinitionError, InvalidDefinition
from definitions.strict_json import loads
from definitions.task_params import number

Json = dict[str, Any]

_FORM_KEYS: Final = frozenset(
    [
        *("name", "description", "globalParams", "locations", "timeout", "executionType", "tenantCode"),
        *("taskDefinitionJson", "taskRelationJson", "otherParamsJson", "releaseState", "schedule"),
    ]
)


def read_any(body: Json) -> Document:
    """Read a caller's definition: c1, DagData (what a GET shows) or DolphinScheduler's request form, told apart by their keys.

    Raises InvalidDefinition, or what is wrong with the JSON inside it.
    """
    if "scheme" in body or "definitions" in body:
        return from_c1(body)
    if "taskDefinitionList" in body:
        return read_dag_data(body)
    if "taskDefinitionJson" in body:
        return read_form(body)
    raise InvalidDefinition(
        "not a definition: expected c1 (scheme, definitions), DagData (taskDefinitionList) or a form (taskDefinitionJson)"
    )


def read_dag_data(body: Json) -> Document:
    """Read DagData as a caller sends it, its schedule beside it under "schedule"."""
    problems = shape_problems(body)
    if problems:
        raise InvalidDefinition("; ".join(problems))
    schedule = _parsed(body.get("schedule"), "schedule")
    return read_document(body, None if schedule is None else read_schedule(_object(schedule, "schedule")))


def read_form(form: Json) -> Document:
    """Read the form of a create or update call. Unknown keys are refused by name."""
    unknown = sorted(set(form) - _FORM_KEYS)
    if unknown:
        raise InvalidDefinition(f"unknown key {unknown[0][:100]!r}; a form has {', '.join(sorted(_FORM_KEYS))}")
    settings = {
        key: form[key]
        for key in ("description", "globalParams", "timeout", "executionType", "tenantCode")
        if key in form
    }
    dag: Json = {
        "processDefinition": {"name": form.get("name"), "locations": form.get("locations"), **settings},
        "taskDefinitionList": _parsed(form["taskDefinitionJson"], "taskDefinitionJson"),
        "processTaskRelationList": _parsed(form.get("taskRelationJson", []), "taskRelationJson"),
        "schedule": form.get("schedule"),
    }
    return read_dag_data(dag)


def read_document(raw: Json, schedule: Json | None = None) -> Document:
    """Read what GET of a definition shows. Expects distinct task codes: ask `shape_problems` first."""
    definition = _object(_either(raw, "Definition"), "processDefinition")
    tasks = _list(raw.get("taskDefinitionList"), "taskDefinitionList")
    relations = _list(_either(raw, "TaskRelationList"), "processTaskRelationList")
    settings = dict(definition)
    if isinstance(settings.get("globalParams"), str):
        settings["globalParams"] = _parsed_or_text(settings["globalParams"])
    return Document(
        name=definition.get("name") if isinstance(definition.get("name"), str) else "",  # type: ignore[arg-type]
        settings=settings,
        tasks={_code(task): _task(task) for task in tasks},
        relations=[_relation(relation) for relation in relations],
        layout=_layout(definition.get("locations")),
        schedule=schedule,
    )


def read_schedule(row: Json) -> Json:
    """Read a schedule row, or a schedule form whose times stand in a JSON string of their own."""
    row = dict(row)
    times = _parsed(row.pop("schedule", None), "schedule.schedule")
    return {**row, **_object(times, "schedule.schedule")} if times is not None else row


def shape_problems(raw: Json) -> list[str]:
    """Say what no sound workflow shows: overlapping writes leave task rows doubled, or relations that name other versions."""
    problems: list[str] = []
    tasks = _list(raw.get("taskDefinitionList"), "taskDefinitionList")
    relations = _list(_either(raw, "TaskRelationList"), "processTaskRelationList")
    codes = Counter(_code(task) for task in tasks)
    problems += [f"task {code} stands {count} times in the definition" for code, count in codes.items() if count > 1]
    versions = {_code(task): task.get("version") for task in tasks}
    for relation in relations:
        post = number(_object(relation, "relation").get("postTaskCode"))
        if post in versions and relation.get("id") and relation.get("postTaskVersion") != versions[post]:
            problems.append(
                f"a relation names version {relation.get('postTaskVersion')} of task {post}, not {versions[post]}"
            )
    return problems


def _either(raw: Json, key: str) -> Any:
    """The two spellings: process.. up to 3.2, workflow.. later."""
    old, new = f"process{key}", f"workflow{key}"
    return raw[new] if new in raw else raw.get(old)


def _task(task: Json) -> Json:
    params = task.get("taskParams")
    if isinstance(params, str):
        return {**task, "taskParams": _parsed(params, f"taskDefinitionList.{task.get('code')}.taskParams")}
    return task


def _relation(relation: Json) -> Json:
    params = relation.get("conditionParams")
    if isinstance(params, str):
        return {**relation, "conditionParams": _parsed(params, "conditionParams")}
    return relation


def _layout(locations: Any) -> dict[int, Json] | None:
    if locations in (None, ""):
        return None
    places = _parsed(locations, "locations")
    layout: dict[int, Json] = {}
    for place in _list(places, "locations"):
        layout[_code(_object(place, "locations"), "taskCode")] = place
    return layout


def _code(row: Json, key: str = "code") -> int:
    code = number(_object(row, "taskDefinitionList").get(key))
    if not isinstance(code, int) or isinstance(code, bool):
        raise InvalidDefinition(f"{key} must be a whole number", path="taskDefinitionList")
    return code


def _parsed(value: Any, path: str) -> Any:
    """JSON may stand as it is or as a string that holds it."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return loads(value)
    except DefinitionError as error:
        raise type(error)(error.message, path=path) from None


def _parsed_or_text(value: str) -> Any:
    """DolphinScheduler keeps global parameters that are no JSON; then the text itself is the content."""
    try:
        return loads(value) if value.strip() else []
    except DefinitionError:
        return value


def _object(value: Any, path: str) -> Json:
    if not isinstance(value, dict):
        raise InvalidDefinition("must be a JSON object", path=path)
    return value


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidDefinition("must be a list", path=path)
    return value
