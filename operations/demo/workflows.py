"""Workflows of the demo's night, as rows of the sandbox's examples: more of the warehouse, and those of the project `finance`."""

from typing import Any, Final

Json = dict[str, Any]


def _sql(text: str) -> Json:
    return {"type": "HIVE", "datasource": 2, "sql": text, "sqlType": "1"}


def _one(name: str, cron: str, *tasks: tuple[str, str, Json]) -> Json:
    """Return a workflow whose tasks run one after the other."""
    chain = [(*task, [index - 1] if index else []) for index, task in enumerate(tasks)]
    return {"name": name, "description": "", "cron": cron, "tasks": chain}


SHOPS: Final = _one(
    "settle_shops",
    "",
    (
        "sum_shops",
        "SQL",
        _sql(
            "insert overwrite table dws.shop_totals\nselect o.shop_id, sum(o.amount * r.rate)\n"
            "from dwd.orders o join dim.rates r on o.currency = r.currency\ngroup by o.shop_id"
        ),
    ),
    ("check_shops", "SHELL", {"rawScript": "python3 check_totals.py --table dws.shop_totals --rates dim.rates"}),
)
COUPONS: Final = _one(
    "coupon_daily", "0 15 4 * * ? *", ("load_coupons", "SHELL", {"rawScript": "sqoop import --table coupons"})
)
FINANCE: Final = [
    _one("invoices_daily", "0 0 5 * * ? *", ("make_invoices", "SHELL", {"rawScript": "python3 invoices.py --vat 13"})),
    _one("payments_import", "0 45 5 * * ? *", ("fetch", "SHELL", {"rawScript": "python3 fetch.py --bank icbc"})),
    _one("ledger_close", "0 0 6 * * ? *", ("close", "SHELL", {"rawScript": "python3 close.py --day ${bizdate}"})),
    _one("fx_rates", "0 0 1 * * ? *", ("load_rates", "SHELL", {"rawScript": "curl -s http://rates.internal/day"})),
]


def settle_daily(shops: int) -> Json:
    """Return the workflow that runs `settle_shops`, of this code."""
    publish = {"rawScript": "python3 publish_totals.py --rates dim.rates"}
    return _one(
        "settle_daily",
        "0 0 4 * * ? *",
        ("run_shops", "SUB_PROCESS", {"processDefinitionCode": shops}),
        ("publish_totals", "SHELL", publish),
    )


def settle_report(project: int, daily: int) -> Json:
    """Return the workflow that waits for `settle_daily`, of this code."""
    item = {"projectCode": project, "definitionCode": daily, "depTaskCode": 0, "cycle": "day", "dateValue": "today"}
    groups = [{"relation": "AND", "dependItemList": [item]}]
    return _one(
        "settle_report",
        "0 30 4 * * ? *",
        ("wait_for_settling", "DEPENDENT", {"dependence": {"relation": "AND", "dependTaskList": groups}}),
        ("report", "PYTHON", {"rawScript": "from report import settle\nsettle('${bizdate}', rates='dim.rates')"}),
    )
