"""The workflow key: how it may look, and how one is made for a workflow that comes without."""

import re
import unicodedata

from catalog.errors import InvalidRequest
from catalog.models import Project, Workflow

MAX_LENGTH = 190
_FORBIDDEN = re.compile(r"[^\w.-]", re.UNICODE)  # \w: letters and digits of any script, and _


def check_key(key: str) -> str:
    """Return a caller's key in NFC, or refuse it with the rule in the message."""
    key = unicodedata.normalize("NFC", key)
    if not key or len(key) > MAX_LENGTH or _FORBIDDEN.search(key) or set(key) <= {"."}:
        raise InvalidRequest(
            "A workflow key has 1 to 190 letters (of any script), digits, '_', '-' or '.', and is not only dots.",
            field="key",
        )
    return key


def make_key(project: Project, name: str, code: int) -> str:
    """Return `<instance>.<project>.<workflow>` with other characters as '-'; `~<code>` is added when the key is taken."""
    parts = (project.instance.name, project.name, name)
    key = ".".join(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", part)) for part in parts)[:MAX_LENGTH]
    if not Workflow.objects.filter(key=key).exists():
        return key
    suffix = f"~{code}"
    return key[: MAX_LENGTH - len(suffix)] + suffix
