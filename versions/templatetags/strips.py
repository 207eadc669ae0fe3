"""Show the counts kept with a version as its change strip: {% for mark in counts|strip %}."""

from django import template

from versions.strip import Mark
from versions.strip import strip as marks_of

register = template.Library()


@register.filter
def strip(counts: object) -> list[Mark]:
    return marks_of(counts)
