"""Show what is kept with a version of its changes: {% for mark in counts|strip %}, {% for ... in summary|changed_names %}."""

from django import template

from versions.strip import Mark
from versions.strip import changed_names as names_of
from versions.strip import strip as marks_of

register = template.Library()


@register.filter
def strip(counts: object) -> list[Mark]:
    return marks_of(counts)


@register.filter
def changed_names(summary: object) -> list[tuple[str, str, list[str], bool]]:
    return names_of(summary)
