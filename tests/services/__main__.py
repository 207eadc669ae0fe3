"""`python -m tests.services`: install what the tests need, and run a command beside real servers.

python -m tests.services install
python -m tests.services run [--only mysql,redis,...] -- COMMAND ...
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.services import debian
from tests.services.dolphin205 import Dolphin205
from tests.services.dolphin311 import Dolphin311
from tests.services.mariadb import MariaDB
from tests.services.mysql import MySQL
from tests.services.process import Server
from tests.services.redis import Redis
from tests.services.slapd import Slapd

NAMES = ("mysql", "mariadb", "redis", "dolphin311", "dolphin311mysql", "dolphin205", "slapd")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    parser.add_argument("act", choices=["install", "run"])
    parser.add_argument("--only", default=",".join(NAMES), help=f"some of {','.join(NAMES)}")
    own, command = _cut(sys.argv[1:])
    options = parser.parse_args(own)
    wanted = options.only.split(",")
    if set(wanted) - set(NAMES):
        parser.error(f"--only takes some of {', '.join(NAMES)}")
    started = time.monotonic()
    debian.install()
    if options.act == "install":
        download(wanted)
        return 0
    download(wanted)
    print(f"downloads are there after {time.monotonic() - started:.0f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="snapshotter-services-") as folder:
        return run(Path(folder), wanted, command)


def _cut(words: list[str]) -> tuple[list[str], list[str]]:
    """Return our own words and the command behind "--": argparse refuses a command that follows an option."""
    place = words.index("--") if "--" in words else len(words)
    return words[:place], words[place + 1 :]


def download(wanted: list[str]) -> None:
    if "mysql" in wanted or "dolphin311mysql" in wanted:
        MySQL(Path()).install()
    if "dolphin311" in wanted or "dolphin311mysql" in wanted:
        Dolphin311.jars()
    if "dolphin205" in wanted:
        Dolphin205.jars()


def run(folder: Path, wanted: list[str], command: list[str]) -> int:
    """Start the servers side by side, run the command with their addresses in its environment, stop them."""
    servers: dict[str, Server] = {}
    started = time.monotonic()
    folder.chmod(0o755)  # the databases run under another account
    try:
        mysql = MySQL(folder / "mysql")
        if "mysql" in wanted or "dolphin311mysql" in wanted:
            servers["mysql"] = mysql.launch()
        for name, make in (
            ("mariadb", MariaDB),
            ("redis", Redis),
            ("slapd", Slapd),
            ("dolphin311", Dolphin311),
            ("dolphin205", Dolphin205),
        ):
            if name in wanted:
                servers[name] = make(folder / name).launch()
        if "mysql" in servers:
            mysql.wait()
        if "dolphin311mysql" in wanted:
            servers["dolphin311mysql"] = Dolphin311(folder / "dolphin311mysql", mysql).launch()
        for name, server in servers.items():
            if name != "mysql":
                server.wait()
        print(f"{', '.join(servers)} answer after {time.monotonic() - started:.0f} s", flush=True)
        return subprocess.run(command, env={**os.environ, **addresses(servers)}, check=False).returncode
    finally:
        for server in reversed(servers.values()):
            server.stop()


def addresses(servers: dict[str, Server]) -> dict[str, str]:
    """Return the environment variables the fixtures read."""
    found: dict[str, str] = {}
    for name, server in servers.items():
        key = f"SNAPSHOTTER_TEST_{name.upper()}"
        match server:
            case Dolphin311():
                found |= {key: server.url}
            case MySQL():
                found |= {key: server.url()}
            case Redis():
                found |= {key: server.url}
            case Slapd():
                found |= {key: server.url, f"{key}_TLS": server.tls_url, f"{key}_CA": str(server.ca_file)}
    return found


if __name__ == "__main__":
    sys.exit(main())
