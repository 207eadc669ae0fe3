"""Filters of version lists, the same in API and pages."""

import django_filters

from snapshotter.choices import Status, Trigger
from snapshotter.models import Snapshot


class SnapshotFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=Status.choices)
    trigger = django_filters.ChoiceFilter(choices=Trigger.choices)
    publisher = django_filters.CharFilter(field_name="published_by")
    since = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
    content_hash = django_filters.CharFilter()
    text = django_filters.CharFilter(field_name="message", lookup_expr="icontains")

    class Meta:
        model = Snapshot
        fields = ["status", "trigger", "publisher", "since", "until", "content_hash", "text"]
