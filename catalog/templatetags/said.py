"""Show what was kept in English in the reader's language: {{ text|say }}."""

from django import template

from catalog.say import say as said

register = template.Library()


@register.filter
def say(text: object) -> str:
    """Return the text in the active language; the result is escaped like any other."""
    return said(str(text or ""))
