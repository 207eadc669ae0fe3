"""Debian packages the servers need: installed when we are root, named when we are not."""

import os
import shutil
from pathlib import Path

from tests.services.process import NotReady, run

# program or file that proves it -> packages
NEEDED = {
    "mariadbd": ["mariadb-server"],
    "mysqldump": ["mariadb-client"],
    "redis-server": ["redis-server"],
    "chromium": ["chromium", "fonts-noto-cjk"],
    "java": ["openjdk-17-jre-headless"],
    "mvn": ["maven"],
    "msgfmt": ["gettext"],
    "promtool": ["prometheus"],
    "/usr/sbin/slapd": ["slapd"],
    "/usr/lib/x86_64-linux-gnu/libaio.so.1": ["libaio1"],
    "/usr/lib/x86_64-linux-gnu/libnuma.so.1": ["libnuma1"],
}


def missing() -> list[str]:
    return [
        package
        for proof, packages in NEEDED.items()
        if not (Path(proof).exists() if proof.startswith("/") else shutil.which(proof))
        for package in packages
    ]


def install() -> None:
    """Install what is missing. Raises NotReady with the command for an administrator where we may not."""
    packages = missing()
    if not packages:
        return
    if os.getuid():
        raise NotReady(f"missing: ask an administrator for apt-get install {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # No daemon of a package may start by itself: a policy script that says no, as Debian provides for.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        run(["apt-get", "update", "-q"], env=quiet)
        run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env=quiet)
    finally:
        if ours:
            policy.unlink()
