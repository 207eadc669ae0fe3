"""What a directory or sign-in service vouches for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.sign_in.choices import Source


@dataclass(frozen=True, slots=True)
class Person:
    """`subject` never changes there; `name` may, and is only looked at where the subject is new.

    `groups` as `GroupRules` compares them; `attributes` are columns of the account, such as email, where they are told.
    """

    source: Source
    subject: str
    name: str
    groups: frozenset[str]
    issuer: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
