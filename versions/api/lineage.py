"""Tables read and written, over the API. GET only."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from versions.api import examples
from versions.api.examples import IF_NONE_MATCH, errors, example
from versions.api.reading import Reading
from versions.comparison import snapshot_named
from versions.lineage.shown import LineageShown, TableShown, TaskShown, lineage_shown

_ALL = 10_000  # more tasks than a definition may have


class NeighbourOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class PlainTableOut(serializers.Serializer[Any]):
    system = serializers.CharField(
        help_text="hive; mysql#3 with the data source a bare name belongs to; path for files"
    )
    name = serializers.CharField(help_text="catalog.schema.table as far as it is stated")
    is_pattern = serializers.BooleanField(help_text="the name holds a placeholder such as ${bizdate}")


class ReadOut(PlainTableOut):
    written_by = NeighbourOut(many=True, help_text="the first few workflows whose published version writes it")


class WrittenOut(PlainTableOut):
    read_by = NeighbourOut(many=True, help_text="the first few workflows whose published version reads it")


class CallOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["sub_workflow", "dependency"])
    code = serializers.IntegerField()
    key = serializers.CharField(help_text="empty where it is not governed, or not the caller's to see")


class UnknownOut(serializers.Serializer[Any]):
    part = serializers.CharField(help_text="task, or where in its parameters: sql, pre, post, script ..")
    number = serializers.IntegerField(help_text="the statement there from 1; 0: the whole")
    why = serializers.CharField(help_text="a code of docs/lineage.md")
    detail = serializers.CharField()


class TaskLineageOut(serializers.Serializer[Any]):
    code = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.CharField()
    reads = PlainTableOut(many=True)
    writes = PlainTableOut(many=True)
    calls = CallOut(many=True)
    unknown = UnknownOut(many=True)


class LineageOut(serializers.Serializer[Any]):
    """Nothing is guessed: `unknown` lists what could not be read."""

    state = serializers.ChoiceField(choices=["computed", "pending", "failed"])
    parser_version = serializers.CharField()
    digest = serializers.CharField()
    unknown_tasks = serializers.IntegerField()
    reads = ReadOut(many=True)
    writes = WrittenOut(many=True)
    tasks = TaskLineageOut(many=True)


class LineageView(Reading):
    """Which tables one version (a number, `latest` or `published`) reads and writes, task by task, and what is not known of it.

    Read from the definition by a worker: `state` is `pending` until then, `failed` where it can't be read.
    """

    @extend_schema(
        tags=["versions"],
        summary="Tables that a version reads and writes",
        parameters=[IF_NONE_MATCH],
        examples=[example("lineage", examples.LINEAGE)],
        responses={200: LineageOut, **errors(400, 404, 500)},
    )
    def get(self, request: Request, key: str, version: str) -> Response:
        workflow = self.workflow()
        shown = lineage_shown(workflow, snapshot_named(workflow, version), self.actor, limit=_ALL)
        return Response(LineageOut(_body(shown)).data)


def _body(shown: LineageShown) -> dict[str, Any]:
    return {
        "state": shown.known,
        "parser_version": shown.parser_version,
        "digest": shown.digest,
        "unknown_tasks": shown.unknown_tasks,
        "reads": [{**_table(table), "written_by": _others(table)} for table in shown.reads],
        "writes": [{**_table(table), "read_by": _others(table)} for table in shown.writes],
        "tasks": [_task(task) for task in shown.tasks],
    }


def _table(table: TableShown) -> dict[str, Any]:
    return {"system": table.system, "name": table.name, "is_pattern": table.is_pattern}


def _others(table: TableShown) -> list[dict[str, Any]]:
    return [asdict(other) for other in table.others]


def _task(task: TaskShown) -> dict[str, Any]:
    return {
        "code": task.code,
        "name": task.name,
        "type": task.kind,
        "reads": [_table(table) for table in task.reads],
        "writes": [_table(table) for table in task.writes],
        "calls": [asdict(call) for call in task.calls],
        "unknown": [asdict(item) for item in task.unknown],
    }
