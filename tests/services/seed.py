"""What a DolphinScheduler must hold before anybody can call it: a queue, a tenant, an admin, a token; and a data source for SQL tasks."""

import hashlib
import os
import pwd

TOKEN = "0f" * 16
TENANT = pwd.getpwuid(os.getuid()).pw_name  # tasks run as the account the server runs under
_PASSWORD = hashlib.md5(b"harness", usedforsecurity=False).hexdigest()
_FOREVER = "'2099-01-01 00:00:00'"

_QUEUE = "insert into t_ds_queue (id, queue_name, queue, create_time, update_time) values (1, 'default', 'default', now(), now());"
_TENANT = (
    "insert into t_ds_tenant (id, tenant_code, description, queue_id, create_time, update_time) "
    f"values (1, '{TENANT}', '', 1, now(), now());"
)
_USER = (
    "insert into t_ds_user (id, user_name, user_password, user_type, email, phone, tenant_id, state, queue, create_time, update_time) "
    f"values (1, 'admin', '{_PASSWORD}', 0, 'admin@example.org', '', 1, 1, '', now(), now());"
)
_ALERTS = (
    "insert into t_ds_alertgroup (id, group_name, alert_instance_ids, description, create_user_id, create_time, update_time) "
    "values (1, 'default', '', '', 1, now(), now());"
)
_ACCESS = (
    "insert into t_ds_access_token (id, user_id, token, expire_time, create_time, update_time) "
    f"values (1, 1, '{TOKEN}', {_FOREVER}, now(), now());"
)
_SOURCE = (
    "insert into t_ds_datasource (id, name, note, type, user_id, connection_params, create_time, update_time) "
    "values (1, 'warehouse', '', 0, 1, '{}', now(), now());"
)


def rows(*, old: bool = False) -> str:
    """Return the SQL; 2.0 counts its ids on from the seeded ones only when told, and keeps its version in a table."""
    lines = [_QUEUE, _TENANT, _USER, _ALERTS, _ACCESS, _SOURCE]
    if old:
        lines += ["insert into t_ds_version (version) values ('2.0.5');"]
        tables = ("queue", "tenant", "user", "alertgroup", "access_token", "datasource")
        lines += [f"alter table t_ds_{table} alter column id restart with 2;" for table in tables]
    return "\n".join(lines) + "\n"
