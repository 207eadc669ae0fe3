"""Endpoints of schedules, and of starting a run by hand."""

import json
from datetime import UTC, datetime
from itertools import islice

from dolphin.sandbox.answers import Answer, Refused, Row, envelope, page, page_bounds
from dolphin.sandbox.cron import BadCron, fires
from dolphin.sandbox.request import Request
from dolphin.sandbox.runs import add_run
from dolphin.sandbox.state import STAMP, now_text

WORKFLOW_OFFLINE, ALREADY_SO, IS_ONLINE, ONLINE_UNDELETABLE = 50004, 10126, 10023, 50023


def create(request: Request) -> Answer:
    (project,) = request.args
    code = int(request.need("processDefinitionCode"))
    with request.state.lock:
        row = request.state.definition(project, code)
        if row is None:
            raise Refused(50003, "process definition does not exist", returned=True)
        if row["releaseState"] != "ONLINE":
            raise Refused(WORKFLOW_OFFLINE, "process definition is not online", returned=True)
        if request.dialect.one_schedule and request.state.schedules_of(code):
            raise Refused(10204, "a schedule exists already", returned=True)
        schedule = {
            "id": request.state.next_id("schedules"),
            "processDefinitionCode": code,
            "processDefinitionName": row["name"],
            "projectName": "",
            "definitionDescription": row["description"],
            **_fields(request, {}),
            "createTime": now_text(),
            "updateTime": now_text(),
            "userId": request.user["id"],
            "userName": request.user["userName"],
            "releaseState": "OFFLINE",
        }
        request.state.schedules.append(schedule)
    return envelope(request.dialect.outward(schedule), status=201)


def update(request: Request) -> Answer:
    request.need("warningGroupId")
    with request.state.lock:
        schedule = _schedule(request)
        if schedule["releaseState"] == "ONLINE":
            raise Refused(IS_ONLINE, "online schedule can't be changed")
        schedule.update(_fields(request, schedule), updateTime=now_text())
    return envelope(None)


def online(request: Request) -> Answer:
    project, _ = request.args
    with request.state.lock:
        schedule = _schedule(request)
        _refuse_same(request, schedule, "ONLINE")
        row = request.state.definition(project, schedule["processDefinitionCode"])
        if row is None or row["releaseState"] != "ONLINE":
            raise Refused(WORKFLOW_OFFLINE, "process definition is not online")
        schedule["releaseState"] = "ONLINE"
    return envelope(True if request.dialect.answers_true else None)


def offline(request: Request) -> Answer:
    with request.state.lock:
        schedule = _schedule(request)
        _refuse_same(request, schedule, "OFFLINE")
        schedule["releaseState"] = "OFFLINE"
    return envelope(True if request.dialect.answers_true else None)


def delete(request: Request) -> Answer:
    with request.state.lock:
        schedule = _schedule(request)
        if schedule["releaseState"] == "ONLINE":
            raise Refused(ONLINE_UNDELETABLE, "online schedule can't be deleted")
        request.state.schedules.remove(schedule)
    return envelope(None)


def list_all(request: Request) -> Answer:
    return envelope(request.dialect.outward(_of_project(request)))


def page_list(request: Request) -> Answer:
    if "processDefinitionCode" not in request.form and not request.dialect.one_schedule:
        raise Refused(request.generic, "required parameter processDefinitionCode is missing")
    number, size = page_bounds(request.form, request.generic)
    wanted = request.whole("processDefinitionCode", 0)
    rows = [row for row in _of_project(request) if wanted in (0, row["processDefinitionCode"])]
    return envelope(request.dialect.outward(page(rows, number, size, offset_key=request.dialect.offset_key)))


def preview(request: Request) -> Answer:
    try:
        times = _times(request)
    except Refused as refusal:
        raise Refused(10140 if refusal.code == 10001 else refusal.code, refusal.message, returned=True) from None
    start = max(datetime.now(UTC), datetime.strptime(times["startTime"], STAMP).replace(tzinfo=UTC))
    next_five = islice(fires(times["crontab"], start, times["timezoneId"]), 5)
    return envelope([moment.strftime(STAMP) for moment in next_five], status=201)


def start(request: Request) -> Answer:
    (project,) = request.args
    code = request.whole("processDefinitionCode")
    with request.state.lock:
        row = request.state.definition(project, code)
        if row is None:
            raise Refused(50003, "process definition does not exist")
        if row["releaseState"] != "ONLINE":
            raise Refused(WORKFLOW_OFFLINE, "process definition is not online")
        for moment in _dates(request):
            add_run(request.state, row, "COMPLEMENT_DATA" if moment else "START_PROCESS", moment or now_text())
    return envelope(None)


def _dates(request: Request) -> list[str]:
    """Return the schedule times a start names, one empty one where it names none."""
    request.need("failureStrategy")
    request.need("warningType")
    text = request.need("scheduleTime")
    if request.form.get("execType") != "COMPLEMENT_DATA":
        return [""]
    return str(json.loads(text)["complementScheduleDateList"]).split(",")


def _of_project(request: Request) -> list[Row]:
    (project,) = request.args
    with request.state.lock:
        codes = {row["code"] for row in request.state.in_project(project)}
        return [dict(row) for row in request.state.schedules if row["processDefinitionCode"] in codes]


def _schedule(request: Request) -> Row:
    for schedule in request.state.schedules:
        if schedule["id"] == request.args[1]:
            return schedule
    raise Refused(10203, "schedule does not exist")


def _refuse_same(request: Request, schedule: Row, wanted: str) -> None:
    if schedule["releaseState"] == wanted and not request.dialect.answers_true:
        raise Refused(ALREADY_SO, f"schedule is {wanted.lower()} already")


def _times(request: Request) -> Row:
    try:
        times = json.loads(request.need("schedule"))
        start, end = (datetime.strptime(times[key], STAMP) for key in ("startTime", "endTime"))
        next(iter(fires(times["crontab"], datetime.now(UTC), times.get("timezoneId") or "UTC")), None)
    except BadCron:
        raise Refused(10001, "crontab is not valid", returned=True) from None
    except (ValueError, KeyError, TypeError):
        raise Refused(
            10141 if "endTime" in request.form.get("schedule", "") else 10001, "schedule is not valid"
        ) from None
    if start == end:
        raise Refused(10141, "start and end are the same", returned=True)
    if end < start:
        raise Refused(80003, "end lies before start", returned=True)
    keys = ("startTime", "endTime", "crontab", "timezoneId", "missedFirePolicy")
    return {key: times[key] for key in keys if key in times}


def _fields(request: Request, before: Row) -> Row:
    form = request.form
    fields = {
        **_times(request),
        "failureStrategy": form.get("failureStrategy", "CONTINUE"),
        "warningType": form.get("warningType", "NONE"),
        "warningGroupId": request.whole("warningGroupId", 1),
        "processInstancePriority": form.get("processInstancePriority", "MEDIUM"),
        "workerGroup": form.get("workerGroup", "default"),
        "environmentCode": request.whole("environmentCode", -1),
    }
    if request.dialect.missed_fires:
        fields.setdefault("missedFirePolicy", before.get("missedFirePolicy", "FIRE_ALL_MISSED"))
        fields["tenantCode"] = form.get("tenantCode", "default")
    else:
        fields.pop("missedFirePolicy", None)
    return fields
