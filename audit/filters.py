"""Filters of the trail; they stand in the URL, the same for page, export and API."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Final

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEntry, Outcome
from audit.moments import in_utc

LATEST: Final = 10_000  # entries that are looked through for what no index has
_TEXTS: Final = ("event", "actor_name", "target", "request_id", "scope", "reason")
Rows = QuerySet[AuditEntry]


class MomentField(forms.CharField):
    """A day or a moment in ISO 8601; one without a zone is meant in the reader's."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return self.moment(text.strip()) if text and text.strip() else None

    def moment(self, text: str) -> datetime:
        """Return it in UTC. Raises ValidationError for what is none, or beyond the calendar."""
        try:
            day, moment = parse_date(text), parse_datetime(text)
        except ValueError:  # looks like one, such as February 30
            day = moment = None
        if day is not None and "T" not in text:
            moment = self.of_day(day)
        if moment is not None and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        found = in_utc(moment) if moment is not None else None
        if found is None:
            raise ValidationError(_("A day, or a moment such as 2026-11-26T08:00:00+08:00."), code="invalid")
        return found

    def of_day(self, day: Any) -> datetime:
        return datetime.combine(day, time.min)


class EndField(MomentField):
    """The same; a day is meant whole."""

    def of_day(self, day: Any) -> datetime:
        return datetime.combine(day, time.max)


class MomentFilter(django_filters.CharFilter):
    field_class = MomentField


class EndFilter(django_filters.CharFilter):
    field_class = EndField


class TrailFilter(django_filters.FilterSet):
    """`text` and `field` have no index: they are looked for in the latest entries that the others leave.

    `looked_through` says in how many, 0 where that is all of them.
    """

    looked_through: int = 0

    event = django_filters.CharFilter(method="by_event", max_length=64)
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices)
    actor = django_filters.CharFilter(field_name="actor_name", max_length=190)
    object = django_filters.CharFilter(field_name="target", max_length=255)
    project = django_filters.CharFilter(field_name="scope", max_length=190)
    request_id = django_filters.CharFilter(max_length=64)
    since = MomentFilter(field_name="timestamp", lookup_expr="gte")
    until = EndFilter(field_name="timestamp", lookup_expr="lte")
    field = django_filters.CharFilter(method="with_field", max_length=190)
    text = django_filters.CharFilter(method="with_text", max_length=200)

    class Meta:
        model = AuditEntry
        fields = ["event", "outcome", "actor", "object", "project", "request_id", "since", "until", "field", "text"]

    def filter_queryset(self, queryset: Rows) -> Rows:
        asked = self.form.cleaned_data
        slow = {name: asked.get(name) or "" for name in ("field", "text")}
        self.form.cleaned_data = {**asked, "field": "", "text": ""}
        rows: Rows = super().filter_queryset(queryset)
        self.form.cleaned_data = asked
        if not any(slow.values()):
            return rows
        rows = self._among_latest(rows)
        rows = self.with_field(rows, "field", slow["field"]) if slow["field"] else rows
        return self.with_text(rows, "text", slow["text"]) if slow["text"] else rows

    def by_event(self, rows: Rows, name: str, value: str) -> Rows:
        """A whole event, or its first part: `publish` finds all of publish. By the events there are, each of which the index finds."""
        if "." in value.rstrip("."):
            return rows.filter(event=value)
        return rows.filter(event__in=list(_events(f"{value.rstrip('.')}.")))

    def with_field(self, rows: Rows, name: str, value: str) -> Rows:
        """Whose changes name the field."""
        return rows.filter(changes__has_key=value)

    def with_text(self, rows: Rows, name: str, value: str) -> Rows:
        """Capitals or not: the tables' own collation tells them apart."""
        parts = [part for field in _TEXTS for part in (F(field), Value("\n"))]
        texts: Rows = rows.alias(all_text=Lower(Concat(*parts, output_field=TextField())))
        return texts.filter(all_text__contains=value.lower())

    def _among_latest(self, rows: Rows) -> Rows:
        moments = rows.order_by("-timestamp", "-id").values_list("timestamp", flat=True)
        beyond = next(iter(moments[LATEST : LATEST + 1]), None)
        if beyond is None:
            return rows
        self.looked_through = LATEST
        return rows.filter(timestamp__gt=beyond)


def _events(start: str) -> Iterator[str]:
    """Yield the events that there are, one step in the index each: DISTINCT would read a million rows in some databases."""
    found = _next_event(start)
    while found.startswith(start):
        yield found
        found = _next_event(found)


def _next_event(last: str) -> str:
    rows = AuditEntry.objects.filter(event__gt=last).order_by("event").values_list("event", flat=True)
    return next(iter(rows[:1]), "")


def chosen(query: Any) -> dict[str, str]:
    """Return the filters that an address holds, as they stand there."""
    return {name: query[name] for name in TrailFilter.base_filters if query.get(name)}
