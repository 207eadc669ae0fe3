"""Servers as fixtures. `python -m tests.services run` starts them and names their addresses; without it, tests that need them are left out.

Left out is said, not hidden: the run's header names the servers that are missing, and `make test` starts all.
"""

import os
import shutil

import pytest

from tests.services import seed
from tests.services.raw_dolphin import RawDolphin

_PREFIX = "SNAPSHOTTER_TEST_"
# marker -> servers it needs
_NEEDS = {
    "mysql": ("MYSQL",),
    "celery": ("MYSQL", "REDIS"),
    "dolphin": ("DOLPHIN311",),
    "dolphin_mysql": ("DOLPHIN311MYSQL", "MYSQL", "REDIS"),
    "dolphin_old": ("DOLPHIN205",),
    "directory": ("SLAPD",),
}


def address(name: str) -> str:
    return os.environ.get(_PREFIX + name, "")


# What the inner loop leaves out, and `make test` runs: long tables of cases over one small function each, pages, what takes long.
_TABLES = (
    "tests/api/test_bad_input",
    "tests/api/test_edges.py",
    "tests/api/test_reading.py",
    "tests/api/test_rollbacks.py",
    "tests/audit/test_verify_audit.py",
    "tests/catalog/sign_in/test_oidc",
    "tests/config/test_checks.py",
    "tests/config/test_checks_sign_in.py",
    "tests/definitions/lineage/",
    "tests/definitions/test_masked.py",
    "tests/definitions/test_noise.py",
    "tests/definitions/test_secrets.py",
    "tests/dolphin/contract/",
    "tests/drift/test_command.py",
    "tests/drift/test_during_changes.py",
    "tests/drift/inspection/test_inspect.py",
    "tests/drift/test_no_ops.py",
    "tests/operations/alerts/",
    "tests/operations/reports/",
    "tests/operations/demo/test_demo.py",
    "tests/operations/test_doctor.py",
    "tests/operations/test_health.py",
    "tests/operations/test_keys_lost.py",
    "tests/operations/test_views.py",
    "tests/pages/",
    "tests/rollback/impact/",
    "tests/rollback/many/",
    "tests/rollback/test_approve.py",
    "tests/rollback/test_command.py",
    "tests/rollback/test_request_views.py",
    "tests/rollback/test_submit.py",
    "tests/rollback/test_target_views.py",
    "tests/security/",
    "tests/snapshotter/fires/test_missed.py",
    "tests/snapshotter/lost/test_restore.py",
    "tests/versions/exports/",
    "tests/versions/scripts/",
    "tests/versions/test_any_values.py",
    "tests/versions/test_commands.py",
    "tests/versions/test_real_edits.py",
    "tests/versions/test_timeline.py",
    "tests/versions/test_trail_views.py",
)

# What asks the database nothing of its own: rights, words, counts of queries, faults of DolphinScheduler. Once, on MySQL, says it all.
_ON_ONE = (
    "tests/api/test_bad_input",
    "tests/api/test_drift.py",
    "tests/api/test_one_id.py",
    "tests/api/test_rollbacks.py",
    "tests/catalog/sign_in/test_oidc",
    "tests/config/test_release_guard.py",
    "tests/drift/test_check.py",
    "tests/drift/test_command.py",
    "tests/drift/test_during_changes.py",
    "tests/drift/inspection/test_gone.py",
    "tests/drift/test_judge.py",
    "tests/drift/test_no_ops.py",
    "tests/drift/inspection/test_scan.py",
    "tests/faults/",
    "tests/operations/alerts/test_drift_kinds.py",
    "tests/operations/alerts/test_kinds.py",
    "tests/operations/alerts/test_quiet.py",
    "tests/operations/alerts/test_send.py",
    "tests/operations/alerts/test_verbs.py",
    "tests/operations/alerts/test_views.py",
    "tests/operations/metrics/test_access.py",
    "tests/operations/metrics/test_rules.py",
    "tests/operations/test_keys_lost.py",
    "tests/pages/test_drift_pages.py",
    "tests/pages/test_list_queries.py",
    "tests/rollback/impact/",
    "tests/rollback/many/test_api.py",
    "tests/rollback/many/test_views.py",
    "tests/rollback/test_approve.py",
    "tests/rollback/test_request_views.py",
    "tests/rollback/test_submit.py",
    "tests/security/",
    "tests/snapshotter/preflight/test_preflight.py",
    "tests/operations/reports/test_views.py",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker, servers in _NEEDS.items():
        config.addinivalue_line("markers", f"{marker}: needs {', '.join(servers)}; see tests/services")


def pytest_report_header() -> str:
    names = sorted({name for names in _NEEDS.values() for name in names})
    return "servers: " + ", ".join(f"{name}{'' if address(name) else ' (missing)'}" for name in names)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _touches_sql(item) and not item.nodeid.startswith(_ON_ONE):
            item.add_marker("database")
        if item.nodeid.startswith(_TABLES):
            item.add_marker("table")
    missing = {marker for marker, servers in _NEEDS.items() if not all(map(address, servers))}
    if not os.environ.get("SNAPSHOTTER_SOAK"):
        missing.add("soak")
    if not shutil.which("chromium"):
        missing.add("browser")
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _touches_sql(item: pytest.Item) -> bool:
    """What is worth running again on the other databases: needs a database, and no server besides."""
    if any(item.get_closest_marker(marker) for marker in (*_NEEDS, "browser")):
        return False
    return bool({"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def dolphin_311() -> RawDolphin:
    return RawDolphin(address("DOLPHIN311"), seed.TOKEN, seed.TENANT)


@pytest.fixture(scope="session")
def dolphin_311_mysql() -> RawDolphin:
    return RawDolphin(address("DOLPHIN311MYSQL"), seed.TOKEN, seed.TENANT)


@pytest.fixture(scope="session")
def dolphin_205() -> RawDolphin:
    return RawDolphin(address("DOLPHIN205"), seed.TOKEN, "default")
