"""While releases run side by side, a command that writes refuses like a worker does: each is run here, or is named with why it need not."""

import io

import pytest
from django.core.management import CommandError, call_command, get_commands

from tests.catalog.test_release import NEWER, applied
from tests.meta.test_layers import PACKAGES

WRITE = {
    "adopt_deployment": [],
    "after_restore": ["--yes"],
    "backfill": ["--instance=sandbox"],
    "baseline": ["--instance=sandbox"],
    "import_snapshot": ["definition.json", "--project={project}", "--key=orders"],
    "inspect": [],
    "inventory": ["--instance=sandbox"],
    "lineage": [],
    "link_account": ["root", "--source=ldap"],
    "retain": [],
    "rollback": ["orders", "1", "--user=root", "--reason=bad"],
    "rollback_many": ["--user=root", "--reason=bad"],
    "service_account": ["platform", "--project={project}"],
}
NEED_NOT = {
    "audit_protect": "a DBA's; triggers alone",
    "demo": "migrates itself, on a database of its own",
    "diff": "reads",
    "doctor": "reads",
    "impact": "reads",
    "report": "reads",
    "verify_audit": "the trail must be verified whatever stands there; writes its own row, whose table only grows",
    "verify_snapshots": "reads",
    "versions": "reads",
    "who_may": "reads",
    "work": "takes nothing on by itself while it does not fit",
}


def test_every_command_is_one_or_the_other():
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in PACKAGES}
    assert ours == WRITE.keys() | NEED_NOT.keys() and not WRITE.keys() & NEED_NOT.keys()


@pytest.mark.parametrize("name", sorted(WRITE))
def test_it_refuses(name, project, root):
    arguments = [one.format(project=project.code) for one in WRITE[name]]
    with applied(*NEWER), pytest.raises(CommandError) as error:
        call_command(name, *arguments, stdout=io.StringIO(), stderr=io.StringIO())
    assert error.value.returncode == 2 and "being upgraded" in str(error.value)
