"""How edits are made: each name returns or is something to do with a bench, in the words of DolphinScheduler's pages."""

import json
from collections.abc import Callable
from typing import Any

from tests.services.raw_dolphin import shell_task
from tests.versions.workbench import SCRIPT, Bench, Draft

Act = Callable[[Bench], object]


def draft(change: Callable[[Draft], object]) -> Act:
    return lambda bench: bench.edit(change)


def task(name: str, /, **fields: Any) -> Act:
    return draft(lambda page: page.tasks[name].update(fields))


def params(name: str, /, **fields: Any) -> Act:
    return draft(lambda page: page.params(name).update(fields))


def form(**fields: Any) -> Act:
    return draft(lambda page: page.form.update(fields))


def global_params(*rows: dict[str, str]) -> Act:
    return form(globalParams=json.dumps(rows))


def schedule(**fields: Any) -> Act:
    return lambda bench: bench.schedule(**fields)


def password(value: str) -> Act:
    return params("extract", rawScript=f"{SCRIPT}export PASSWORD={value}\n")


def time_out(minutes: int, action: str) -> Act:
    return task("extract", timeoutFlag="OPEN", timeout=minutes, timeoutNotifyStrategy=action)


def add_task(bench: Bench) -> None:
    """A task dropped on the canvas and connected behind another."""

    def change(page: Draft) -> None:
        page.codes["archive"] = bench.codes["archive"] = bench.spare[0]
        page.tasks["archive"] = shell_task(bench.spare[0], "archive", "tar czf orders.tgz orders\nrm -r orders\n")
        page.places.append({"taskCode": bench.spare[0], "x": 900, "y": 300})
        page.connect("vip", "archive")

    bench.edit(change)


def add_root_task(bench: Bench) -> None:
    def change(page: Draft) -> None:
        page.codes["archive"] = bench.codes["archive"] = bench.spare[0]
        page.tasks["archive"] = shell_task(bench.spare[0], "archive", "true")
        page.connect(None, "archive")

    bench.edit(change)


def remove_task(page: Draft) -> None:
    del page.tasks["standard"]
    page.cut("route", "standard")
    page.params("route")["switchResult"]["nextNode"] = page.codes["vip"]


def replace_task(bench: Bench) -> None:
    """Another type: the page knows no change of type, so one task goes and another comes."""

    def change(page: Draft) -> None:
        del page.tasks["dedup"]
        page.tasks["dedup_sh"] = shell_task(bench.spare[1], "dedup_sh", "./dedup.sh\n")
        page.codes["dedup_sh"] = bench.codes["dedup_sh"] = bench.spare[1]
        page.cut("load_dwd", "dedup")
        page.cut("dedup", "check")
        page.connect("load_dwd", "dedup_sh")
        page.connect("dedup_sh", "check")
        page.params("check")["dependence"]["dependTaskList"][0]["dependItemList"][0]["depTaskCode"] = bench.spare[1]

    bench.edit(change)


def insert_between(page: Draft) -> None:
    page.cut("load_dwd", "dedup")
    page.connect("extract", "dedup")


def make_first(page: Draft) -> None:
    page.cut("upstream", "extract")
    page.connect(None, "extract")


def make_wait(page: Draft) -> None:
    page.cut(None, "child")
    page.connect("report", "child")


def swap_branches(page: Draft) -> None:
    result = page.params("check")["conditionResult"]
    result["successNode"], result["failedNode"] = result["failedNode"], result["successNode"]


def another_branch(page: Draft) -> None:
    branches = page.params("route")["switchResult"]["dependTaskList"]
    branches.append({"condition": "${level} == 2", "nextNode": page.codes["standard"]})


def move_boxes(page: Draft) -> None:
    for place in page.places[:3]:
        place["x"] += 40


def shuffle(page: Draft) -> None:
    page.tasks = dict(reversed(page.tasks.items()))
    page.edges.reverse()
    page.places.reverse()


def environment(bench: Bench) -> None:
    bench.edit(lambda page: page.tasks["extract"].update(environmentCode=bench.environment))


def off_and_on(bench: Bench) -> None:
    bench.raw.release(bench.project, bench.code, "ONLINE")
    bench.raw.release(bench.project, bench.code, "OFFLINE")


def waits(*groups: dict[str, Any]) -> Act:
    return params("upstream", dependence={"relation": "AND", "dependTaskList": list(groups)})
