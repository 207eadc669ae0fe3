"""The rest of the table: odd but good input, requests sent twice, and a DolphinScheduler in trouble.

`python -m tests.api.bad_input_later` prints it for docs/bad-input.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.api.bad_input import Body, Change, put


@dataclass(frozen=True)
class Odd:
    """Good input that looks bad: 202, and what is kept is what was sent."""

    what: str
    change: Change


@dataclass(frozen=True)
class Repeat:
    """The good body is sent first, then `change` of it. `done`: the first one has ended by then. `kept`: versions and syncs afterwards."""

    what: str
    status: int
    says: str
    kept: tuple[int, int]
    change: Change = lambda body: body
    keys: tuple[str, str] = ("", "")
    done: bool = True
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """`order` makes DolphinScheduler misbehave before the worker begins. `works`: what it holds afterwards, of "old" and "new"."""

    what: str
    order: Callable[[Any], None]
    state: str
    code: str
    message: str
    holds: str = "old"


def first_task(**change: Any) -> Change:
    def changed(body: Body) -> Body:
        next(iter(body["definition"]["definitions"]["tasks"].values())).update(change)
        return body

    return changed


def script(text: str) -> Change:
    return first_task(taskParams={"rawScript": text, "localParams": [], "resourceList": []})


def five_thousand_tasks(body: Body) -> Body:
    template = next(iter(body["definition"]["definitions"]["tasks"].values()))
    body["definition"]["definitions"]["tasks"] = {
        str(code): {**template, "name": f"t{code}"} for code in range(1, 5_001)
    }
    body["definition"]["relations"] = [{"preTaskCode": 0, "postTaskCode": code} for code in range(1, 5_001)]
    return body


ODD = [
    Odd("HTML as the name", put("definition.name", "<script>alert(1)</script>")),
    Odd("a path as the name", put("definition.name", "../../etc/passwd")),
    Odd("quotes and a backslash in the name", put("definition.name", "a\"b'c\\d")),
    Odd("Chinese and an emoji in the name", put("definition.name", "每日订单 🎉")),
    Odd("a right-to-left mark in the name", put("definition.name", "a\u202eb")),
    Odd("a name of 200 characters", put("definition.name", "x" * 200)),
    Odd("HTML as the name of a task", first_task(name="<img src=x onerror=alert(1)>")),
    Odd("a path as the name of a task", first_task(name="../../x")),
    Odd("a script with an emoji, a tab and Windows lines", script("echo 🎉\r\n\techo two\r\n")),
    Odd("a script of 5 MB", script("echo 数据\n" * 380_000)),
    Odd("5,000 tasks", five_thousand_tasks),
    Odd("HTML in the message", put("message", "<b>why</b>")),
    Odd("a formula as the publisher", put("published_by", "=cmd|' /C calc'!A0")),
]
REPEATS = [
    Repeat("the same once more, when it is published", 200, "duplicate", (1, 1)),
    Repeat("the same with another message, when it is published", 200, "duplicate", (1, 1), put("message", "x")),
    Repeat("the same once more, while it runs", 409, "workflow_locked", (1, 1), done=False),
    Repeat(
        "the same Idempotency-Key, the same body, while it runs", 202, "replayed", (1, 1), keys=("k", "k"), done=False
    ),
    Repeat("the same Idempotency-Key, the same body, when it has ended", 200, "replayed", (1, 1), keys=("k", "k")),
    Repeat(
        "the same Idempotency-Key with another body",
        422,
        "idempotency_key_reused",
        (1, 1),
        put("message", "x"),
        keys=("k", "k"),
    ),
    Repeat("another Idempotency-Key, the same body", 200, "duplicate", (1, 1), keys=("k", "l")),
    Repeat("other content on a stale base", 409, "stale_base", (1, 1), lambda body: put("base", 0)(script("x")(body))),
    Repeat(
        "other content on the published base", 202, "queued", (2, 2), lambda body: put("base", 1)(script("x")(body))
    ),
]
TROUBLES = [
    Trouble("is down", lambda dolphin: dolphin.stop_listening(), "waiting", "dolphin_unavailable", "can't be reached"),
    Trouble(
        "answers later than the read time-out",
        lambda dolphin: dolphin.fault("delay", seconds=0.6, times=9),
        "waiting",
        "dolphin_unavailable",
        "can't be reached",
    ),
    Trouble(
        "answers a page of HTML",
        lambda dolphin: dolphin.fault("html", times=99),
        "waiting",
        "dolphin_unexpected",
        "instead of JSON",
    ),
    Trouble(
        "answers half a JSON",
        lambda dolphin: dolphin.fault("garbage", times=99),
        "waiting",
        "dolphin_unexpected",
        "can't be read",
    ),
    Trouble(
        "answers 503",
        lambda dolphin: dolphin.fault("status", status=503, times=99),
        "waiting",
        "dolphin_unavailable",
        "503",
    ),
    Trouble(
        "refuses the token (401)",
        lambda dolphin: setattr(dolphin, "token", "another"),
        "failed",
        "dolphin_unauthorized",
        "refuses the token",
    ),
    Trouble(
        "hangs up on the update, undone",
        lambda dolphin: dolphin.fault("cut", method="PUT"),
        "waiting",
        "dolphin_unknown_outcome",
        "never came",
    ),
    Trouble(
        "hangs up on the update, done",
        lambda dolphin: dolphin.fault("cut", method="PUT", after=True),
        "waiting",
        "dolphin_unknown_outcome",
        "never came",
        holds="new",
    ),
    Trouble(
        "answers the update with HTML, done",
        lambda dolphin: dolphin.fault("html", method="PUT", after=True),
        "waiting",
        "dolphin_unknown_outcome",
        "instead of JSON",
        holds="new",
    ),
]


def table() -> str:
    """Return the three tables as Markdown."""
    lines = ["## Odd, but good", "", "| sent | status | kept |", "|---|---|---|"]
    lines += [f"| {case.what} | 202 | as it was sent |" for case in ODD]
    lines += [
        "",
        "## Sent twice",
        "",
        "| second request | status | answer says | versions, syncs afterwards |",
        "|---|---|---|---|",
    ]
    lines += [f"| {case.what} | {case.status} | `{case.says}` | {case.kept[0]}, {case.kept[1]} |" for case in REPEATS]
    lines += ["", "## DolphinScheduler in trouble", ""]
    lines += [
        "| DolphinScheduler | answer | sync | code | says | DolphinScheduler holds |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {case.what} | 202 | {case.state} | `{case.code}` | {case.message} | the {case.holds} content |"
        for case in TROUBLES
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(table())  # noqa: T201
