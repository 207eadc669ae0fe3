"""An answer of GET impact, for the schema."""

from typing import Any, Final

from versions.api.examples import KEY

_FIRE: Final = {"cron": "0 0 3 * * ? *", "zone": "Asia/Shanghai", "is_known": True, "at": "2026-11-25T19:00:00+00:00"}
_REFUND: Final = {"name": "refund daily", "key": "refund_daily"}
_LOST: Final = {"system": "hive", "name": "dwd.orders", "others": [_REFUND], "more": 0, "hidden": 1}
IMPACT: Final[dict[str, Any]] = {
    "workflow": KEY,
    "version": 9,
    "findings": [
        {
            "code": "lineage_not_written",
            "weight": "acknowledge",
            "values": {"names": ["dwd.orders"], "count": 1, "hidden": 1, "readers": ["refund daily"]},
            "text": "Tables that it writes no more, and others read: dwd.orders. Read by: refund daily. 1 more that you may not see.",
        },
        {
            "code": "running_instances",
            "weight": "note",
            "values": {"count": 1, "names": ["orders daily-14-20261125140200000"]},
            "text": "Runs under way: 1 (orders daily-14-20261125140200000). They finish on the version they began with.",
        },
    ],
    "running": [
        {
            "id": 501,
            "name": "orders daily-14-20261125140200000",
            "state": "RUNNING_EXECUTION",
            "started": "2026-11-25 14:02:00",
            "version": 14,
        }
    ],
    "fires": {"now": _FIRE, "after": _FIRE, "missed": "none", "waits_for": None},
    "dependents": {
        "seen": [
            {
                **_REFUND,
                "project": "production/warehouse",
                "kind": "dependency",
                "task": "wait for orders",
                "named_tasks": [],
            }
        ],
        "more": 0,
        "hidden": 0,
        "unread": 0,
    },
    "lineage": {
        "known": "computed",
        "writes_lost": [_LOST],
        "writes_gained": [],
        "reads_lost": [],
        "reads_gained": [],
        "no_writer": [],
        "hidden_readers": 1,
    },
    "freeze": {"allowed": True, "until": None, "reason": "", "begins": None},
    "lock": None,
}
