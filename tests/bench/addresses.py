"""Every page that lists: its address in a loaded database, and who opens it. A list that is not named here is found missing."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from catalog.models import Workflow
from operations.choices import RunKind
from operations.models import OperationRun
from snapshotter.models import Snapshot, Sync

ROOT, READER = "root", "engineer2"
BOTH = (ROOT, READER)
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
# What people and platforms do, single rows without a list, what counts a period whole (docs/reports.md), and what asks DolphinScheduler
# instead of the database.
_NOT_LISTS = """
api:impact
healthz readyz metrics set_language schema api-docs api:publish api:capture api:put-back api:retry api:draft api:confirm api:fail
api:cancel api:resume api:give-up api:unlock api:start-fire api:lift-freeze api:lift-quarantine api:quarantine api:cancel-run api:resume-run
catalog:test-instance catalog:govern catalog:revoke catalog:rotate versions:evidence versions:secrets
snapshotter:project-workflows snapshotter:publish
snapshotter:capture snapshotter:put-back snapshotter:retry snapshotter:cancel snapshotter:resume snapshotter:give-up snapshotter:unlock
snapshotter:approve-webhook snapshotter:test-webhook snapshotter:end-webhook snapshotter:end-freeze snapshotter:quarantine
snapshotter:lift-quarantine snapshotter:start-fire operations:start-for-project operations:start-for-instance operations:act
api:rollback api:rollback-request api:rollback-approve api:rollback-reject api:rollback-cancel api:rollback-execute
api:rollback-review api:rollback-policy
versions:trail-verify versions:trail-export
api:rollback-batch api:rollback-batch-approve api:rollback-batch-execute api:rollback-batch-again api:rollback-batch-cancel
rollback-many:batch rollback-many:act
admin:login admin:logout admin:password_change admin:password_change_done admin:autocomplete admin:jsi18n admin:view_on_site
admin:app_list admin:None None
api:check oidc_authentication_init oidc_authentication_callback
api:drift-item api:drift-acknowledge api:drift-assign api:drift-mute api:drift-unmute api:drift-adopt api:drift-put-back api:drift-ignore
api:end-ignore-rule drift:item drift:acknowledge drift:assign drift:mute drift:unmute drift:adopt drift:ignore drift:check drift:end-rule
api:restore api:rebind snapshotter:restore snapshotter:rebind
rollback:rollback rollback:request rollback:approve rollback:reject rollback:cancel rollback:execute rollback:break-glass rollback:review
rollback:policy
alerts:delivery alerts:again alerts:rule alerts:end-rule alerts:test-channel alerts:end-channel
operations:reports operations:report-file operations:coverage-file api:report
"""
_FORMS = ("_add", "_change", "_delete", "_history", "_permissions", "_manage_user", "_manage_group")


@dataclass(frozen=True)
class Facts:
    """What addresses need to know of a loaded database: the workflow with most versions, and ids."""

    key: str
    newest: int
    middle: int
    content_hash: str
    week: str  # the last seven days begin here
    eve: str  # an hour before the newest version
    half: str  # half-way through the history
    day: str  # of the week's beginning
    old: str  # of half-way
    sync: int
    inventory: int
    baseline: int
    versions: int  # of all workflows


@dataclass(frozen=True)
class Page:
    """`name` is the URL's; `what` tells filters apart; `address` takes the facts; `deep` marks an old end of a list.

    `statuses` are what it may answer with.
    """

    name: str
    what: str
    address: Callable[[Facts], str]
    people: tuple[str, ...] = (ROOT,)
    deep: bool = False
    statuses: tuple[int, ...] = (200,)

    def __str__(self) -> str:
        return f"{self.name}{' ' if self.what else ''}{self.what}"


def facts() -> Facts:
    """Look into the present database."""
    key = Workflow.objects.get(pk=1).key
    versions = Snapshot.objects.filter(workflow=key)
    newest = versions.latest_first()[0]
    middle = versions.get(version=newest.version // 2 + 1)
    inventories = OperationRun.objects.filter(project=None, kind=RunKind.INVENTORY)
    return Facts(
        key=quote(key),
        newest=newest.version,
        middle=middle.version,
        content_hash=newest.content_hash,
        week=f"{newest.created_at - WEEK:%Y-%m-%dT%H:%M:%SZ}",
        eve=f"{newest.created_at - HOUR:%Y-%m-%dT%H:%M:%SZ}",
        half=f"{middle.created_at:%Y-%m-%dT%H:%M:%SZ}",
        day=f"{newest.created_at - WEEK:%Y-%m-%d}",
        old=f"{middle.created_at:%Y-%m-%d}",
        sync=Sync.objects.filter(steps__isnull=False).order_by("-pk")[0].pk,
        inventory=inventories.order_by("-pk")[0].pk,
        baseline=OperationRun.objects.filter(kind=RunKind.BASELINE).order_by("-pk")[0].pk,
        versions=Snapshot.objects.order_by("-pk")[0].pk,
    )


def cursor(position: object) -> str:
    """Return what DRF's cursor pages take: rows behind this position."""
    return urlencode({"cursor": b64encode(urlencode({"p": position}).encode()).decode()})


def known() -> frozenset[str]:
    """Return the names of all addresses there are."""
    return frozenset(_names(get_resolver(), ""))


def forgotten(pages: list[Page]) -> list[str]:
    """Return the names of addresses that are neither measured nor said to be no list, and of pages that are gone."""
    measured = {page.name for page in pages}
    new = known() - measured - set(_NOT_LISTS.split())
    return sorted({name for name in new if not name.endswith(_FORMS)} | (measured - known()))


def changelists() -> list[str]:
    return [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


def at(name: str, *names: str, query: str = "") -> Callable[[Facts], str]:
    """Return an address over named facts: arguments of the URL first; numbers stand for themselves."""

    def address(found: Facts) -> str:
        arguments = [int(part) if part.isdigit() else getattr(found, part) for part in names]
        path = reverse(name, args=arguments)
        return f"{path}?{query.format(**vars(found))}" if query else path

    return address


def _names(resolver: URLResolver, space: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            yield from _names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
