"""compose.yaml, Dockerfile, env.example, systemd units and gunicorn's settings agree with each other, the code and the documents."""

import os
import re
import runpy
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import yaml
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management import get_commands
from gunicorn.config import KNOWN_SETTINGS
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.meta.test_documented import ROOT, docs
from tests.meta.test_layers import PACKAGES

COMPOSE = (ROOT / "compose.yaml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
OURS = {name: row for name, row in SERVICES.items() if row["image"].startswith("snapshotter:")}
EXAMPLE = (ROOT / "deploy" / "env.example").read_text()
OF_MYSQL = (ROOT / "deploy" / "mysql.env.example").read_text()
UNITS = {path.name: path.read_text() for path in sorted((ROOT / "deploy" / "systemd").glob("*.service"))}
_BY_SETTINGS = re.compile(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"')
_BY_ENVIRON = re.compile(r'environ(?:\.get)?[(\[]"([A-Z_]+)"')


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text()


def known() -> set[str]:
    """What the code asks the environment for."""
    sources = read("config", "settings.py") + read("config", "own_settings.py")
    own = set(_BY_SETTINGS.findall(sources)) | {"DATABASE_URL"}
    return own | set(_BY_ENVIRON.findall(read("deploy", "gunicorn.py") + read("deploy", "healthcheck.py")))


def in_compose() -> set[str]:
    """What compose.yaml puts in from the file of settings."""
    return set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))


def named_in_example() -> dict[str, str]:
    return dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def named_for_mysql() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", OF_MYSQL, re.MULTILINE))


def test_every_name_is_known_and_documented():
    assert not named_in_example().keys() - known() - in_compose()
    told = docs("settings.md")
    assert not {name for name in known() | in_compose() | named_in_example().keys() if f"`{name}`" not in told}
    assert not {name for name in named_for_mysql() if f"`{name}`" not in told}
    set_by_compose = {name for row in OURS.values() for name in row["environment"]}
    assert not set_by_compose - known()


def test_what_compose_requires_stands_in_the_example_without_a_value():
    required = set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE))
    values = named_in_example()
    secrets = {name for name in values if re.search("KEY|PASSWORD|TOKEN", name)}
    assert required == {"MYSQL_PASSWORD", "SNAPSHOTTER_DEPLOYMENT_ID"}
    assert {"SECRET_KEY", "SNAPSHOTTER_ENCRYPTION_KEYS", "SNAPSHOTTER_AUDIT_KEYS"} <= secrets
    assert not {name for name in secrets if values[name]}, "a secret that works by default"
    needed = EXAMPLE.split("# --- required")[1].split("# ---")[0]
    assert {"ALLOWED_HOSTS", "SNAPSHOTTER_DEPLOYMENT_ID", *required} <= set(re.findall(r"^([A-Z_]+)=$", needed, re.M))


def test_roots_password_is_in_the_container_of_mysql_alone():
    assert named_for_mysql() == {"MYSQL_ROOT_PASSWORD": ""} and "ROOT" not in "".join(named_in_example())
    for name, row in SERVICES.items():
        assert ("deploy/mysql.env" in row.get("env_file", [])) == (name == "mysql")
        assert "MYSQL_ROOT_PASSWORD" not in row.get("environment", {})
    ignored = read(".gitignore").splitlines()
    assert {"/deploy/env", "/deploy/mysql.env"} <= set(ignored)


def test_services_are_what_the_documents_say():
    assert SERVICES.keys() == {"mysql", "redis", "migrate", "web", "worker", "beat"}
    for name, row in OURS.items():
        assert row["read_only"] and row["cap_drop"] == ["ALL"] and row["env_file"] == ["deploy/env"], name
        if name != "migrate":
            assert row["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
            assert row["healthcheck"]["test"][:3] == ["CMD", "python", "deploy/healthcheck.py"]
    opened = [port for row in SERVICES.values() for port in row.get("ports", [])]
    assert len(opened) == 1 and opened[0].startswith("127.0.0.1:")
    assert not [row["image"] for row in SERVICES.values() if row["image"].endswith((":latest", "mysql", "redis"))]


@pytest.mark.parametrize(("name", "command"), [("worker", worker), ("beat", beat)])
def test_celery_knows_its_options(name, command):
    known_ones = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    lines = [SERVICES[name]["command"], UNITS[f"snapshotter-{name}.service"].split("ExecStart=")[1].split()]
    for line in lines:
        assert name in line
        used = {part.split("=")[0] for part in line[line.index(name) + 1 :] if part.startswith("--")}
        assert used and not used - known_ones


def test_gunicorn_knows_its_settings():
    found = runpy.run_path(str(ROOT / "deploy" / "gunicorn.py"))
    names = {name for name in found if not name.startswith("_")} - {"os"}
    assert "graceful_timeout" in names and not names - {one.name for one in KNOWN_SETTINGS}
    grace = SERVICES["web"]["stop_grace_period"]
    assert found["graceful_timeout"] < int(grace.removesuffix("s"))


def test_commands_of_manage_exist():
    command = SERVICES["migrate"]["command"]
    assert command[:2] == ["python", "manage.py"] and command[2] in get_commands()
    used = set(re.findall(r"manage\.py (\w+)", "".join(UNITS.values()) + docs("production.md") + docs("backup.md")))
    assert "migrate" in used and not used - get_commands().keys()


def test_the_image_gets_all_packages_and_nothing_else():
    let_in = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert let_in >= {*PACKAGES, "locale", "static", "templates", "manage.py", "deploy/constraints.txt"}
    assert not [one for one in let_in if one.startswith(("tests", "docs", ".", "deploy/env"))]
    assert read(".dockerignore").splitlines()[1] == "*"
    dockerfile = read("Dockerfile")
    assert dockerfile.count("FROM ${BASE}") == 2 and "USER snapshotter" in dockerfile
    assert not re.search(r"^(?:ENV|ARG).*(?:KEY|PASSWORD|TOKEN)", dockerfile, re.M)


def test_constraints_are_within_the_requirements():
    pinned = dict(line.split("==") for line in read("deploy", "constraints.txt").splitlines() if "==" in line)
    installed = (
        "requirements",
        "requirements-mysql",
        "requirements-ldap",
        "requirements-oidc",
    )  # the image's, EXTRAS too
    text = "".join(read(f"{name}.txt") for name in installed)
    wanted = [Requirement(line) for row in text.splitlines() if (line := row.split("#")[0].strip())]
    for one in wanted:
        version = pinned.get(canonicalize_name(one.name))
        assert version is not None and Version(version) in one.specifier, one
    assert {"python-ldap", "pyasn1", "pyasn1-modules", "pyjwt"} <= pinned.keys()  # brought along by those of EXTRAS


# --- the health check itself


def check(*arguments: str, **environment: str) -> tuple[int, str]:
    script = [sys.executable, str(ROOT / "deploy" / "healthcheck.py"), *arguments]
    done = subprocess.run(script, capture_output=True, text=True, env={**os.environ, **environment}, timeout=30)
    return done.returncode, done.stdout.strip()


class Ready(BaseHTTPRequestHandler):
    status = 200
    hosts: list[str] = []

    def do_GET(self) -> None:
        self.hosts.append(f"{self.path} {self.headers['Host']}")
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b'{"status": "unavailable"}')

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_the_health_check_of_the_web(monkeypatch):
    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        place = f"0.0.0.0:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            hosts = "snapshotter.example.com, other.example.com"
            assert check("web", WEB_BIND=place, ALLOWED_HOSTS=hosts) == (0, "ok")
            assert Ready.hosts == ["/readyz snapshotter.example.com"]
            monkeypatch.setattr(Ready, "status", 503)
            status, said = check("web", WEB_BIND=place, ALLOWED_HOSTS=".example.com")
            assert status == 1 and said.startswith("HTTP 503") and Ready.hosts[-1] == "/readyz example.com"
        finally:
            server.shutdown()
    assert check("web", WEB_BIND=place) == (1, "does not answer (ConnectionRefusedError)")


def test_the_health_check_of_worker_and_beat(tmp_path):
    sign = tmp_path / "alive"
    assert check("alive", "60", SNAPSHOTTER_ALIVE_FILE=str(sign)) == (1, "no sign of life yet")
    sign.touch()
    assert check("alive", "60", SNAPSHOTTER_ALIVE_FILE=str(sign)) == (0, "ok")
    long_ago = time.time() - 300
    os.utime(sign, (long_ago, long_ago))
    status, said = check("alive", "60", SNAPSHOTTER_ALIVE_FILE=str(sign))
    assert status == 1 and said.startswith("no sign of life for 30")
