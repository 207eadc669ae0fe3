"""Filters of lists; they stand in the URL, and those of versions are the same in API and pages."""

import json
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Concat, Lower
from django_filters.fields import IsoDateTimeField

from audit.moments import in_utc
from catalog.choices import Mode
from catalog.models import Workflow
from snapshotter.choices import Status, Trigger
from snapshotter.models import Snapshot
from versions.overview import in_state
from versions.since import beginning, moment_of

DAY = timedelta(days=1)
OF_ONE: Final = 1_000  # versions of a workflow that are looked through for a text
AT_ONCE: Final = 1_000  # versions made at the same time, whose ids and moments may not rise alike
OF_ALL: Final = 10_000  # of all workflows together
_ID: dict[str, Any] = {"min_value": 0, "max_value": 2**63 - 1, "decimal_places": 0}  # others break in the database
Rows = TypeVar("Rows", bound=QuerySet[Any])


class MomentField(IsoDateTimeField):
    """A moment in ISO 8601 that the database can hold."""

    def to_python(self, value: Any) -> datetime | None:
        found: datetime | None = super().to_python(value)
        if found is None:
            return None
        moment = in_utc(found)
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField


class SnapshotFilter(django_filters.FilterSet):
    """`text` and `publisher` have no index to look in: they are looked for in the latest versions that the other filters leave.

    `looked_through` says in how many, 0 where that is all of them; narrower days reach further back.
    """

    looked_through: int = 0

    status = django_filters.ChoiceFilter(choices=Status.choices)
    trigger = django_filters.ChoiceFilter(choices=Trigger.choices)
    publisher = django_filters.CharFilter(method="by_publisher")
    since = MomentFilter(method="from_moment")
    until = MomentFilter(method="to_moment")
    content_hash = django_filters.CharFilter()
    text = django_filters.CharFilter(method="with_text")

    class Meta:
        model = Snapshot
        fields = ["status", "trigger", "publisher", "since", "until", "content_hash", "text"]

    def filter_queryset(self, queryset: "QuerySet[Snapshot]") -> "QuerySet[Snapshot]":
        asked = self.form.cleaned_data
        text, publisher = asked.get("text"), asked.get("publisher")
        self.form.cleaned_data = {**asked, "text": "", "publisher": ""}
        rows: QuerySet[Snapshot] = super().filter_queryset(queryset)
        self.form.cleaned_data = asked
        if not text and not publisher:
            return rows
        rows = self._among_latest(rows)
        rows = self.by_publisher(rows, "publisher", publisher) if publisher else rows
        return self.with_text(rows, "text", text) if text else rows

    def _among_latest(self, rows: "QuerySet[Snapshot]") -> "QuerySet[Snapshot]":
        """A history is ordered by version, a list over all workflows by id."""
        name, _all_rows = _rising(rows)
        span = OF_ONE if name == "version" else OF_ALL
        newest: int = rows.order_by(f"-{name}").values_list(name, flat=True).first() or 0
        if newest <= span:
            return rows
        self.looked_through = span
        return rows.filter(**{f"{name}__gt": newest - span})

    def from_moment(self, rows: "QuerySet[Snapshot]", name: str, value: datetime) -> "QuerySet[Snapshot]":
        return made_since(rows, value)

    def to_moment(self, rows: "QuerySet[Snapshot]", name: str, value: datetime) -> "QuerySet[Snapshot]":
        return made_before(rows, value)

    def by_publisher(self, rows: "QuerySet[Snapshot]", name: str, value: str) -> "QuerySet[Snapshot]":
        """The person behind it: who the platform named, else the account."""
        return rows.filter(Q(published_by=value) | Q(published_by="", created_by_name=value))

    def with_text(self, rows: "QuerySet[Snapshot]", name: str, value: str) -> "QuerySet[Snapshot]":
        """In message, person, reference, or the name of a changed task."""
        fields = ("message", "published_by", "created_by_name", "trigger_ref")
        texts = rows.alias(all_text=_lowered(*map(F, fields)), task_names=_task_names())
        return texts.filter(Q(all_text__contains=value.lower()) | _named(value))


class TimelineFilter(SnapshotFilter):
    """The same for people: days instead of moments (the last one included), and presets."""

    since = django_filters.CharFilter(method="from_day")
    until = django_filters.DateFilter(method="to_day")

    def from_day(self, rows: "QuerySet[Snapshot]", name: str, value: str) -> "QuerySet[Snapshot]":
        moment = moment_of(value)
        return made_since(rows, moment) if moment is not None else rows

    def to_day(self, rows: "QuerySet[Snapshot]", name: str, value: datetime) -> "QuerySet[Snapshot]":
        end = beginning(value + DAY) if value.year < 9000 else None
        return made_before(rows, end) if end is not None else rows


class WorkflowFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="with_text")
    project = django_filters.NumberFilter(field_name="project", **_ID)
    instance = django_filters.NumberFilter(field_name="project__instance", **_ID)
    state = django_filters.CharFilter(method="by_state")
    mode = django_filters.ChoiceFilter(choices=Mode.choices, field_name="project__mode")
    deleted = django_filters.BooleanFilter(field_name="deleted_in_dolphin_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Workflow
        fields = ["q", "project", "instance", "state", "mode", "deleted"]

    def with_text(self, rows: "QuerySet[Workflow]", name: str, value: str) -> "QuerySet[Workflow]":
        return holding(rows, value, "name", "key")

    def by_state(self, rows: "QuerySet[Workflow]", name: str, value: str) -> "QuerySet[Workflow]":
        return in_state(rows, value)  # type: ignore[arg-type]  # the manager's own


def made_since(rows: "QuerySet[Snapshot]", moment: datetime) -> "QuerySet[Snapshot]":
    """Return those made since a moment. Ids and versions rise with time: one of them bounds what is looked at in the list's order."""
    name, all_rows = _rising(rows)
    first = all_rows.filter(created_at__gte=moment).order_by("created_at").values_list(name, flat=True).first()
    return rows.filter(**{"created_at__gte": moment, f"{name}__gte": (first or 0) - AT_ONCE})


def made_before(rows: "QuerySet[Snapshot]", moment: datetime) -> "QuerySet[Snapshot]":
    """Return those made before a moment, bounded likewise."""
    name, all_rows = _rising(rows)
    last = all_rows.filter(created_at__lt=moment).order_by("-created_at").values_list(name, flat=True).first()
    return rows.filter(**{"created_at__lt": moment, f"{name}__lte": (last or 0) + AT_ONCE})


def _rising(rows: "QuerySet[Snapshot]") -> tuple[str, "QuerySet[Snapshot]"]:
    """Return what rises with time, and in which rows: one workflow's versions, or ids of all."""
    if "-version" in rows.query.order_by:
        return "version", rows.order_by()
    return "id", Snapshot.objects.all()


def holding(rows: Rows, text: str, *fields: str) -> Rows:
    """Return the rows that hold the text in one of the fields, capitals or not: the tables' own collation tells them apart."""
    return rows.alias(all_text=_lowered(*map(F, fields))).filter(all_text__contains=text.lower())


def _lowered(*parts: Any) -> Lower:
    between = [Value("\n")] * len(parts)
    joined = [part for pair in zip(parts, between, strict=True) for part in pair]
    return Lower(Concat(*joined, output_field=TextField()))


def _task_names() -> Lower:
    """The changed tasks' names that a version's summary keeps, as the texts of its lists."""
    names = KeyTransform("names", "change_summary")
    kinds = [KeyTextTransform(kind, names) for kind in ("added", "modified", "removed")]
    return _lowered(*(Coalesce(kind, Value(""), output_field=TextField()) for kind in kinds))


def _named(text: str) -> Q:
    """Some databases keep what is not ASCII escaped inside JSON."""
    found = Q()
    for needle in {text.lower(), *(json.dumps(form)[1:-1].lower() for form in (text, text.lower()))}:
        found |= Q(task_names__contains=needle)
    return found
