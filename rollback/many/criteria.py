"""What a rollback of many is chosen by: who published, when, what the versions say, where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.moments import in_utc
from catalog.errors import InvalidRequest
from catalog.models import Project

LONGEST: Final = timedelta(days=31)
USUAL: Final = timedelta(hours=24)  # where no beginning is given
LONGEST_TEXT: Final = 190
MOST_WORKFLOWS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Versions made from `since` (included) until `until` (not included), by `publisher`; `workflows` are keys. "" and () leave all.

    `given`: the moments as they were asked for, None where they were left out, which means another moment each time.
    """

    since: datetime
    until: datetime
    publisher: str = ""
    text: str = ""
    project: Project | None = None
    workflows: tuple[str, ...] = ()
    given: tuple[datetime | None, datetime | None] = (None, None)

    def as_asked(self) -> dict[str, Any]:
        """Return them as JSON that is the same whenever the same is asked."""
        since, until = (moment and in_utc(moment) for moment in self.given)
        return {
            **self.as_json(),
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
        }

    def as_json(self) -> dict[str, Any]:
        """Return them as they are kept, moments in UTC."""
        return {
            "publisher": self.publisher,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "text": self.text,
            "project": self.project.code if self.project else None,
            "project_name": self.project.scope if self.project else "",
            "workflows": list(self.workflows),
        }


def criteria_of(
    *,
    publisher: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    text: str = "",
    project: Project | None = None,
    workflows: tuple[str, ...] = (),
) -> Criteria:
    """Return checked criteria; the window ends now and begins a day before its end where nothing else is said.

    Raises InvalidRequest: nothing narrows it, or the window is empty, longer than 31 days or beyond the calendar.
    """
    if not (publisher or text or since is not None or workflows):
        raise InvalidRequest(_("Say who published, since when, or what to look for."), field="publisher")
    if len(publisher) > LONGEST_TEXT or len(text) > LONGEST_TEXT:
        raise InvalidRequest(
            _("A name or text has at most %(most)s characters.") % {"most": LONGEST_TEXT}, field="text"
        )
    if len(workflows) > MOST_WORKFLOWS:
        raise InvalidRequest(_("At most %(most)s workflows at once.") % {"most": MOST_WORKFLOWS}, field="workflows")
    start, end = _window(since, until)
    return Criteria(
        publisher=publisher,
        text=text,
        since=start,
        until=end,
        project=project,
        workflows=workflows,
        given=(since, until),
    )


def _window(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    now = timezone.now()
    end = min(_moment(until, "until"), now) if until is not None else now
    start = _moment(since, "since") if since is not None else end - USUAL
    if start >= end:
        raise InvalidRequest(_("The time begins after it ends, or in the future."), field="since")
    if end - start > LONGEST:
        raise InvalidRequest(_("At most %(days)s days at once.") % {"days": LONGEST.days}, field="since")
    return start, end


def _moment(value: datetime, field: str) -> datetime:
    found = in_utc(value) if timezone.is_aware(value) else None
    if found is None:
        raise InvalidRequest(_("Give the offset from UTC too, such as 2026-11-11T00:00:00+08:00."), field=field)
    return found
