"""The table of bad input: what is sent, and what the API answers. `python -m tests.api.bad_input` prints it for docs/bad-input.md."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]
Change = Callable[[Body], Any]


@dataclass(frozen=True)
class Case:
    """`change` turns a good body into a bad one, as a value or as bytes. `message` is a part of the answer's message or extra."""

    what: str
    status: int
    code: str
    message: str
    change: Change = lambda body: body
    key: str = "orders"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    token: str = "publisher"
    method: str = "post"

    def body(self, good: Body) -> bytes:
        changed = self.change(copy.deepcopy(good))
        return changed if isinstance(changed, bytes) else json.dumps(changed).encode()


def put(path: str, value: Any) -> Change:
    """Return a change that sets one dotted path."""

    def change(body: Body) -> Body:
        *parents, last = path.split(".")
        place = body
        for name in parents:
            place = place[name]
        place[last] = value
        return body

    return change


def drop(path: str) -> Change:
    def change(body: Body) -> Body:
        del body[path]
        return body

    return change


def raw(data: bytes) -> Change:
    return lambda body: data


def inside(text: bytes) -> Change:
    """Put bytes where the message's value stands."""
    return lambda body: json.dumps({**body, "message": "@@"}).encode().replace(b'"@@"', text)


def tasks(change: Callable[[Body], None]) -> Change:
    def changed(body: Body) -> Body:
        change(body["definition"]["definitions"]["tasks"])
        return body

    return changed


def relations(change: Callable[[list[Body], list[int]], None]) -> Change:
    def changed(body: Body) -> Body:
        change(body["definition"]["relations"], [int(code) for code in body["definition"]["definitions"]["tasks"]])
        return body

    return changed


def definition(value: Any) -> Change:
    return put("definition", value)


def many_tasks(body: Body) -> Body:
    template = next(iter(body["definition"]["definitions"]["tasks"].values()))
    body["definition"]["definitions"]["tasks"] = {str(code): template for code in range(1, 5_002)}
    body["definition"]["relations"] = [{"preTaskCode": 0, "postTaskCode": code} for code in range(1, 5_002)]
    return body


def first(tasks: Body) -> Body:
    return next(iter(tasks.values()))


def dag_with_doubled_task(body: Body) -> Body:
    task = {"code": 5, "name": "a", "taskType": "SHELL", "taskParams": {"rawScript": "x"}}
    relation = {"preTaskCode": 0, "postTaskCode": 5}
    dag = {
        "processDefinition": {"name": "d"},
        "taskDefinitionList": [task, task],
        "processTaskRelationList": [relation],
    }
    return {**body, "definition": dag}


FORM = {"name": "d", "taskDefinitionJson": "[]", "taskRelationJson": "[]"}
JSON_CASES = [
    Case("an empty body", 400, "invalid_request", "definition", raw(b"")),
    Case("blanks", 400, "malformed_json", "not valid JSON", raw(b"  ")),
    Case("half a body", 400, "malformed_json", "not valid JSON", raw(b'{"definition": {')),
    Case("bytes that are not UTF-8", 400, "malformed_json", "not UTF-8", raw(b'{"message": "\xff"}')),
    Case("a key twice", 400, "duplicate_key", "stands twice", inside(b'"a", "message": "b"')),
    Case("a key twice, deep inside", 400, "duplicate_key", "stands twice", inside(b'{"x": [{"y": 1, "y": 2}]}')),
    Case("NaN", 400, "not_a_number", "NaN is not a JSON number", inside(b"NaN")),
    Case("-Infinity", 400, "not_a_number", "is not a JSON number", inside(b"-Infinity")),
    Case("1e999", 400, "not_a_number", "too large a number", inside(b"1e999")),
    Case("a number of 5,000 digits", 400, "not_a_number", "digits", inside(b"9" * 5_000)),
    Case("10,000 nested lists", 400, "too_deep", "nested deeper than 100", inside(b"[" * 10_000 + b"]" * 10_000)),
    Case(
        "10,000 nested objects",
        400,
        "too_deep",
        "nested deeper than 100",
        inside(b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    ),
    Case("10 MB", 413, "too_large", "larger than 8000000 bytes", inside(b'"' + b"x" * 10_000_000 + b'"')),
    Case("half a surrogate pair", 400, "invalid_text", "surrogate", inside(b'"\\ud83d"')),
    Case("a NUL character", 400, "invalid_text", "NUL", inside(b'"a\\u0000b"')),
    Case("a list instead of an object", 400, "invalid_request", "extra names them", raw(b"[1, 2]")),
    Case("a string instead of an object", 400, "invalid_request", "extra names them", raw(b'"hello"')),
    Case(
        "a form",
        415,
        "unsupported_media_type",
        "Unsupported media type",
        content_type="application/x-www-form-urlencoded",
    ),
    Case("plain text", 415, "unsupported_media_type", "Unsupported media type", content_type="text/plain"),
]
FIELD_CASES = [
    Case("a key nobody knows", 400, "invalid_request", "mesage", put("mesage", "typo")),
    Case("the project as text", 400, "invalid_request", "project", put("project", "23")),
    Case("the project as true", 400, "invalid_request", "project", put("project", True)),
    Case("the project as 3.0", 400, "invalid_request", "project", put("project", 3.0)),
    Case("a project above 2^63", 400, "invalid_request", "project", put("project", 2**63)),
    Case("a project nobody governs", 404, "not_found", "No governed project", put("project", 4711)),
    Case("no project the first time", 404, "not_found", "Name its project", drop("project")),
    Case("no definition", 400, "invalid_request", "definition", drop("definition")),
    Case("a list as definition", 400, "invalid_request", "definition", definition([])),
    Case("null as definition", 400, "invalid_request", "definition", definition(None)),
    Case("a number as message", 400, "invalid_request", "message", put("message", 5)),
    Case("10,001 characters of message", 400, "invalid_request", "message", put("message", "x" * 10_001)),
    Case("a negative base", 400, "invalid_request", "base", put("base", -1)),
    Case("force without a reason", 400, "invalid_request", "Forcing needs a reason", put("force", True)),
    Case("online: maybe", 400, "invalid_request", "online", put("online", "maybe")),
    Case("schedule: sometimes", 400, "invalid_request", "schedule", put("schedule", "sometimes")),
    Case(
        "schedule from a definition without one",
        400,
        "invalid_request",
        "holds no schedule",
        put("schedule", "from_definition"),
    ),
    Case("task ids that are no list", 400, "invalid_request", "publish_task_ids", put("publish_task_ids", "1,2")),
    Case("metadata that is no object", 400, "invalid_request", "task_metadata", put("task_metadata", [1])),
    Case("a label of 201 characters", 400, "invalid_request", "label", put("label", "x" * 201)),
    Case("a blank label", 400, "invalid_request", "label", put("label", "")),
    Case("wait=soon", 400, "invalid_request", "wait is a whole number", query="?wait=soon"),
    Case("wait=61", 400, "invalid_request", "0 to 60", query="?wait=61"),
    Case(
        "an Idempotency-Key of 201 characters",
        400,
        "invalid_request",
        "at most 200",
        headers={"Idempotency-Key": "k" * 201},
    ),
]
KEY_CASES = [
    Case("a slash in the key", 404, "not_found", "no such", key="a%2Fb"),
    Case("a key of two dots", 400, "invalid_request", "workflow key", key="%2E%2E"),
    Case("HTML in the key", 400, "invalid_request", "workflow key", key="%3Cscript%3E"),
    Case("an emoji in the key", 400, "invalid_request", "workflow key", key="%F0%9F%98%80"),
    Case("a blank in the key", 400, "invalid_request", "workflow key", key="a%20b"),
    Case("a key of 191 characters", 400, "invalid_request", "workflow key", key="k" * 191),
]
DEFINITION_CASES = [
    Case("another scheme", 400, "invalid_definition", "scheme must be 'c1'", put("definition.scheme", "c9")),
    Case("an unknown key of c1", 400, "invalid_definition", "unknown key 'extra'", put("definition.extra", 1)),
    Case("no task", 400, "invalid_definition", "at least one task", put("definition.definitions.tasks", {})),
    Case("5,001 tasks", 400, "too_many_tasks", "at most 5000", many_tasks),
    Case("a blank name", 400, "invalid_definition", "not blank", put("definition.name", " ")),
    Case("a name of 201 characters", 400, "invalid_definition", "at most 200", put("definition.name", "x" * 201)),
    Case("a name that is a number", 400, "invalid_definition", "name", put("definition.name", 5)),
    Case(
        "a task code that is a word", 400, "invalid_definition", "no task code", tasks(lambda t: t.update(abc=first(t)))
    ),
    Case(
        "a task code above 2^63",
        400,
        "invalid_definition",
        "below 2^63",
        tasks(lambda t: t.update({str(2**63): first(t)})),
    ),
    Case("a task that is a list", 400, "invalid_definition", "JSON object", tasks(lambda t: t.update({"5": []}))),
    Case("a task without a type", 400, "invalid_definition", "taskType", tasks(lambda t: first(t).pop("taskType"))),
    Case(
        "parameters that are text",
        400,
        "invalid_definition",
        "taskParams",
        tasks(lambda t: first(t).update(taskParams="x")),
    ),
    Case(
        "an edge to an unknown task",
        400,
        "invalid_definition",
        "no task of this workflow",
        relations(lambda r, c: r.append({"preTaskCode": c[0], "postTaskCode": 9})),
    ),
    Case(
        "an edge from an unknown task",
        400,
        "invalid_definition",
        "no task of this workflow",
        relations(lambda r, c: r.append({"preTaskCode": 9, "postTaskCode": c[0]})),
    ),
    Case(
        "tasks in a circle",
        400,
        "invalid_definition",
        "in a circle",
        relations(lambda r, c: r.append({"preTaskCode": c[1], "postTaskCode": c[0]})),
    ),
    Case("a task without an edge", 400, "invalid_definition", "stands in no relation", relations(lambda r, c: r.pop())),
    Case("an edge that is text", 400, "invalid_definition", "JSON object", relations(lambda r, c: r.append("a"))),
    Case(
        "a schedule without a cron",
        400,
        "invalid_definition",
        "a schedule needs this",
        put("definition.schedule", {"startTime": "x"}),
    ),
    Case(
        "a masked value",
        400,
        "invalid_definition",
        "masked value",
        tasks(lambda t: first(t)["taskParams"].update(password="******")),
    ),
    Case("neither c1 nor a form", 400, "invalid_definition", "not a definition", definition({"hello": 1})),
    Case(
        "a form with broken JSON inside",
        400,
        "malformed_json",
        "not valid JSON",
        definition({**FORM, "taskDefinitionJson": "["}),
    ),
    Case("a form with an unknown key", 400, "invalid_definition", "unknown key", definition({**FORM, "nmae": "x"})),
    Case("DagData with a task twice", 400, "invalid_definition", "stands 2 times", dag_with_doubled_task),
]
CALLER_CASES = [
    Case("no token", 401, "not_authenticated", "credentials", token=""),
    Case("a wrong token", 401, "not_authenticated", "wrong, expired", token="wrong"),
    Case("a token that may only view", 403, "not_allowed", "may not", token="viewer"),
    Case("a token that may not even view", 404, "not_found", "No governed project", token="outsider"),
    Case("GET on publish", 405, "method_not_allowed", "not allowed", method="get"),
]
SECTIONS = {
    "The body as JSON": JSON_CASES,
    "Fields of a publish": FIELD_CASES,
    "The key in the address": KEY_CASES,
    "The definition": DEFINITION_CASES,
    "The caller": CALLER_CASES,
}
CASES = [case for cases in SECTIONS.values() for case in cases]


def table() -> str:
    """Return the table as Markdown."""
    lines = []
    for title, cases in SECTIONS.items():
        lines += [f"## {title}", "", "| sent | status | code | answer says |", "|---|---|---|---|"]
        lines += [
            f"| {case.what} | {case.status} | `{case.code}` | {case.message.replace('|', ' ')} |" for case in cases
        ]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
