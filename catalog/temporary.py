"""Temporary workflows: copies and tests that nobody means to keep, told by their names."""

from fnmatch import fnmatchcase

from catalog.errors import TemporaryWorkflow
from catalog.models import Project


def is_temporary(project: Project, name: str) -> bool:
    """Whether a workflow's name matches one of the project's patterns. Pure; case matters."""
    return any(fnmatchcase(name, pattern) for pattern in patterns_of(project))


def patterns_of(project: Project) -> list[str]:
    """Return the project's patterns, blanks around them dropped."""
    return [pattern for part in project.temporary_patterns.split(",") if (pattern := part.strip())]


def refuse_temporary(project: Project, name: str) -> None:
    """Raise TemporaryWorkflow for a name that is not to be taken under governance."""
    if is_temporary(project, name):
        raise TemporaryWorkflow(name=name, patterns=patterns_of(project))
