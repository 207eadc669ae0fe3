"""Serializer parts that take what is meant and nothing else: no unknown key, no number where text belongs."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from audit.moments import in_utc
from definitions.secrets import mask_text


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses keys it does not know, by name: a misspelt `mesage` must not be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                known = ", ".join(sorted(self.fields))
                raise serializers.ValidationError(
                    {key[:100]: [_("Unknown key. Known ones: %(known)s.") % {"known": known}] for key in unknown[:20]}
                )
        values = super().to_internal_value(data)
        if isinstance(values.get("reason"), str):  # kept, audited and shown as it stands
            values["reason"] = mask_text(values["reason"])
        return values


class Text(serializers.CharField):
    """A string; numbers and booleans are refused instead of being turned into text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number; "3", 3.0 and true are refused."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC: without one, half the world would read another hour."""

    default_error_messages = {"zone": _("Give the offset from UTC too, such as 2026-11-11T00:00:00+08:00.")}

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        try:
            naive = (parsed := parse_datetime(value)) is not None and parsed.tzinfo is None
        except ValueError:
            naive = False  # the field itself says what is wrong
        if naive:
            self.fail("zone")
        moment: datetime = super().to_internal_value(value)
        if in_utc(moment) is None:
            self.fail("invalid", format="ISO 8601")
        return moment


class JsonObject(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """A JSON object, kept as it is."""

    default_error_messages = {"invalid": _("A JSON object is expected.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value
