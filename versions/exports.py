"""A comparison as a file: JSON, Markdown, jsondiff or unified text. Secrets are masked here, whatever comes in; sizes are bounded.

What does not fit is left out whole, and the file says how much that is. Nothing is cut in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.http import content_disposition_header

from catalog.errors import InvalidRequest
from definitions.compare import Comparison, masked
from definitions.noise import split
from snapshotter.masking import digest
from versions.comparison import Side
from versions.export_json import as_json
from versions.export_jsondiff import as_jsondiff
from versions.export_markdown import as_markdown
from versions.export_parts import Exported, side_name
from versions.export_unified import as_unified


@dataclass(frozen=True, slots=True)
class Export:
    """A file in UTF-8."""

    body: bytes
    content_type: str
    filename: str

    @property
    def disposition(self) -> str:
        """The Content-Disposition of a download."""
        return str(content_disposition_header(True, self.filename))


_FORMATS: Final[dict[str, tuple[Callable[[Exported], str], str, str]]] = {
    "json": (as_json, "application/json", "json"),
    "markdown": (as_markdown, "text/markdown; charset=utf-8", "md"),
    "jsondiff": (as_jsondiff, "application/json", "jsondiff.json"),
    "unified": (as_unified, "text/x-diff; charset=utf-8", "diff"),
}
FORMATS: Final = tuple(_FORMATS)


def export(left: Side, right: Side, comparison: Comparison, format: str, *, with_layout: bool = False) -> Export:
    """Return the comparison of the two sides as a file; moved boxes only `with_layout`. Raises InvalidRequest (format), ContentDamaged."""
    if format not in _FORMATS:
        raise InvalidRequest(f"format is one of {', '.join(FORMATS)}.", format=format[:50])
    write, content_type, suffix = _FORMATS[format]
    shown, hidden = split(masked(comparison, digest=digest), with_layout=with_layout)
    parts = Exported(left, right, shown, hidden, with_layout, settings.SNAPSHOTTER["MAX_EXPORT_BYTES"])
    name = f"{left.key or right.key or 'workflow'}-{side_name(left)}-{side_name(right)}.{suffix}"
    return Export(write(parts).encode("utf-8", "backslashreplace"), content_type, name)
