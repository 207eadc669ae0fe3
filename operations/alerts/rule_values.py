"""What may stand in a rule: asked by the verbs that add and change one."""

from typing import Any, Final
from zoneinfo import available_timezones

from catalog.errors import InvalidRequest
from operations.alerts.choices import Kind, Language, Severity
from operations.alerts.models import AlertChannel

FIELDS: Final = (
    *("name", "channel", "kinds", "least", "language"),
    *("time_zone", "quiet_from", "quiet_to", "high_passes", "enabled"),
)


def check_values(values: dict[str, Any]) -> None:
    """Raise InvalidRequest for a rule that could never work as meant."""
    if not str(values["name"]).strip():
        raise InvalidRequest("A rule needs a name.", field="name")
    if values["least"] not in Severity.values or values["language"] not in Language.values:
        raise InvalidRequest("A rule needs a severity and a language that there are.", field="least")
    if not set(values["kinds"]) <= set(Kind.values):
        raise InvalidRequest("There is no such kind of alert.", field="kinds")
    if values["time_zone"] not in available_timezones():
        raise InvalidRequest("A rule needs the name of a time zone, such as Asia/Shanghai.", field="time_zone")
    begins, ends = values["quiet_from"], values["quiet_to"]
    if (begins is None) != (ends is None) or (begins is not None and begins == ends):
        raise InvalidRequest("Quiet hours need a beginning and another end.", field="quiet_to")
    channel = values["channel"]
    if not isinstance(channel, AlertChannel) or not AlertChannel.objects.in_use().filter(pk=channel.pk).exists():
        raise InvalidRequest("A rule needs a channel that is in use.", field="channel")
