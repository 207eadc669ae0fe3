"""The pages of goals 6 to 8, filters and old ends included."""

from collections.abc import Callable, Iterator

from tests.bench.addresses import BOTH, ROOT, Facts, Page, at, changelists, cursor

_TIMELINE = (
    "status=failed",
    "status=unconfirmed",
    "trigger=api",
    "trigger=backfill",
    "publisher=engineer7",
    "publisher=rare.person",
    "since={week}",
    "until={eve}",
    "until={half}",
    "content_hash={content_hash}",
    "text=ticket",
    "text=incident",
    "text=nowhere",
)
_LAST = "before="
_LONG = ("audit_auditentry", "auth_user", "axes_accesslog", "axes_accessfailurelog")  # lists of the admin that grow


def pages() -> list[Page]:
    return [
        *_start(),
        *_rollbacks(),
        *_drift(),
        *_versions(),
        *_timeline(),
        *_api(),
        *_operations(),
        *_alerts(),
        *_gates(),
        *_trail(),
        *_admin(),
    ]


def _start() -> Iterator[Page]:
    yield Page("admin:index", "", at("admin:index"), BOTH)
    for query in ("", "q=orders", "q=nowhere", "state=drifted", "state=failed", "state=in_sync"):
        yield Page("versions:workflows", query, at("versions:workflows", query=query), BOTH)
    for query in ("", "since=monday", "status=failed"):
        yield Page("versions:changes", query, at("versions:changes", query=query), BOTH)
    yield Page("versions:changes", "last", at("versions:changes", query=_LAST), BOTH, deep=True)
    yield Page("rollback-many:start", "", at("rollback-many:start"), BOTH)
    yield Page("versions:workflows", "last", at("versions:workflows", query=_LAST), BOTH, deep=True)


def _rollbacks() -> Iterator[Page]:
    for query in ("", "tab=mine", "tab=all", "tab=closed", "tab=all&q=nowhere", "tab=all&state=failed"):
        yield Page("rollback:inbox", query, at("rollback:inbox", query=query), BOTH)
    yield Page("rollback:inbox", "last", at("rollback:inbox", query=f"tab=all&{_LAST}"), BOTH, deep=True)


def _drift() -> Iterator[Page]:
    for query in (
        "state=closed",
        "",
        "severity=high",
        "verdict=newer",
        "q=nowhere",
    ):  # the last page is of what is closed
        yield Page("drift:list", query, at("drift:list", query=query), BOTH)
    yield Page("drift:list", "last", at("drift:list", query=f"state=closed&{_LAST}"), BOTH, deep=True)
    yield Page("drift:rules", "", at("drift:rules"), BOTH)
    for name in ("drift", "ignore-rules"):
        yield Page(f"api:{name}", "", at(f"api:{name}"), BOTH)
    yield Page("api:drift", "state=standing", at("api:drift", query="state=standing"), BOTH)


def _versions() -> Iterator[Page]:
    yield Page("versions:version", "newest", at("versions:version", "key", "newest"))
    yield Page("versions:version", "first", at("versions:version", "key", "1"))
    for name in ("download", "payload"):
        yield Page(f"versions:{name}", "", at(f"versions:{name}", "key", "newest"))
    yield Page("versions:task", "", at("versions:task", "key", "newest", "10000000000"))
    yield Page("versions:export", "", at("versions:export", "key", query="left=1&right={newest}&format=markdown"))
    for tab in ("definition", "graph", "lineage", "journal"):
        yield Page("versions:version", f"tab={tab}", at("versions:version", "key", "newest", query=f"tab={tab}"))
    for tab in ("summary", "graph", "tasks", "settings", "lineage"):
        query = f"left=1&right={{newest}}&tab={tab}"
        yield Page("versions:diff", f"tab={tab}", at("versions:diff", "key", query=query))
    for name in ("week", "old"):
        address = at("versions:since", "key", name if name == "old" else "day")
        yield Page("versions:since", name, address, statuses=(200, 302))
    yield Page("versions:sync", "", at("versions:sync", "sync"))


def _timeline() -> Iterator[Page]:
    yield Page("versions:workflow", "", at("versions:workflow", "key"), BOTH)
    yield Page("versions:workflow", "middle", at("versions:workflow", "key", query="after={middle}"), deep=True)
    yield Page("versions:workflow", "last", at("versions:workflow", "key", query=_LAST), deep=True)
    for query in _TIMELINE:
        days = query.replace("}", ":.10}") if query.startswith(("since", "until")) else query
        yield Page("versions:workflow", _short(query), at("versions:workflow", "key", query=days))


def _api() -> Iterator[Page]:
    for name in ("workflows", "snapshots", "freezes", "quarantines", "runs", "rollbacks"):
        yield Page(f"api:{name}", "", at(f"api:{name}"), BOTH)
    yield Page("api:rollback-batches", "", at("api:rollback-batches"), BOTH)
    for name in ("versions", "missed-fires", "workflow"):
        yield Page(f"api:{name}", "", at(f"api:{name}", "key"))
    yield Page("api:version-lineage", "", at("api:version-lineage", "key", "newest"))
    for name in ("api:version", "api:snapshot", "api:sync", "api:run"):
        yield Page(name, "", _one(name))
    yield Page("api:diff", "", at("api:diff", "key", query="left=1&right={newest}"))
    yield Page("api:workflows", "last", at("api:workflows", query=cursor("bench.project-19.y")), BOTH, deep=True)
    yield Page("api:versions", "last", at("api:versions", "key", query=cursor(30)), deep=True)
    yield Page("api:snapshots", "last", at("api:snapshots", query=cursor(30)), BOTH, deep=True)
    for query in _TIMELINE:
        yield Page("api:versions", _short(query), at("api:versions", "key", query=query))
        yield Page("api:snapshots", _short(query), at("api:snapshots", query=query), BOTH)


def _short(query: str) -> str:
    return query.replace("{", "").replace("}", "")


def _one(name: str) -> Callable[[Facts], str]:
    return {
        "api:version": at(name, "key", "newest"),
        "api:snapshot": at(name, "1"),
        "api:sync": at(name, "sync"),
        "api:run": at(name, "inventory"),
    }[name]


def _operations() -> Iterator[Page]:
    yield Page("operations:project-inventory", "", at("operations:project-inventory", "1"), BOTH)
    yield Page("operations:instance-inventory", "", at("operations:instance-inventory", "1"))
    for query in ("", "q=orders", "level=2", "covered=no", "risk=two_schedules", "online=yes"):
        yield Page("operations:run", f"inventory {query}".strip(), at("operations:run", "inventory", query=query))
    yield Page("operations:run", "inventory last", at("operations:run", "inventory", query=_LAST), deep=True)
    for query in ("", "q=orders", "outcome=failed"):
        yield Page("operations:run", f"baseline {query}".strip(), at("operations:run", "baseline", query=query))
    yield Page("operations:run", "baseline last", at("operations:run", "baseline", query=_LAST), deep=True)
    yield Page("operations:export", "csv", lambda found: f"/runs/{found.inventory}/export.csv")
    yield Page("operations:coverage", "", at("operations:coverage"), BOTH)
    yield Page("operations:coverage", "last", at("operations:coverage", query=_LAST), deep=True)


def _alerts() -> Iterator[Page]:
    for query in ("", "state=pending", "state=delivered"):
        yield Page("alerts:deliveries", query, at("alerts:deliveries", query=query))
    yield Page("alerts:deliveries", "last", at("alerts:deliveries", query=_LAST), deep=True)
    yield Page("alerts:rules", "", at("alerts:rules"))
    yield Page("alerts:channels", "", at("alerts:channels"))
    yield Page("alerts:channel", "", at("alerts:channel", "1"))


def _gates() -> Iterator[Page]:
    yield Page("snapshotter:freezes", "", at("snapshotter:freezes"), BOTH)
    yield Page("snapshotter:freezes", "last", at("snapshotter:freezes", query=_LAST), BOTH, deep=True)
    yield Page("snapshotter:webhooks", "", at("snapshotter:webhooks", "1"), BOTH)
    yield Page("snapshotter:webhook", "", at("snapshotter:webhook", "1"), BOTH)
    for query in ("", "right=catalog.publish_project", "name=engineer"):
        yield Page("catalog:who", query, at("catalog:who", "1", query=query), BOTH)
    yield Page("catalog:who", "last", at("catalog:who", "1", query=_LAST), deep=True)
    yield Page("catalog:service-accounts", "", at("catalog:service-accounts", "1"), BOTH)


_TRAIL = (
    "event=publish",
    "event=publish.failed",
    "outcome=refused",
    "actor=engineer7",
    "field=mode",
    "text=nowhere",
    "event=fire",
)


def _trail() -> Iterator[Page]:
    """The audit trail: its own page, histories of objects, the API."""
    yield Page("versions:trail", "", at("versions:trail"))
    yield Page("versions:trail", "last", at("versions:trail", query=_LAST), deep=True)
    for query in _TRAIL:
        yield Page("versions:trail", query, at("versions:trail", query=query))
        yield Page("api:audit", query, at("api:audit", query=query))
    yield Page("versions:trail", "since", at("versions:trail", query="since={day}&until={day}"))
    yield Page("versions:trail-entry", "", at("versions:trail-entry", "1"))
    yield Page("versions:workflow-history", "", at("versions:workflow-history", "key"), BOTH)
    yield Page("versions:version-history", "", at("versions:version-history", "key", "newest"))
    yield Page("versions:project-history", "", at("versions:project-history", "1"), BOTH)
    yield Page("api:audit", "", at("api:audit"))
    yield Page("api:audit", "last", at("api:audit", query=cursor("2026-01-02 00:00:00+00:00")), deep=True)


def _admin() -> Iterator[Page]:
    """Each list of the admin in its own order and the other way round; old ends and filters where it grows."""
    for model in changelists():
        name = f"admin:{model}_changelist"
        yield Page(name, "", at(name), BOTH if model == "catalog_project" else (ROOT,))
        yield Page(name, "oldest first", at(name, query="o=1"))
        if model in _LONG:
            yield Page(name, "last", at(name, query=_LAST), deep=True)
    trail = "admin:audit_auditentry_changelist"
    for query in ("outcome__exact=refused", "q=engineer7", "q=nowhere", "q=publish.failed"):
        yield Page(trail, query, at(trail, query=query))
