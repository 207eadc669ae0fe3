"""Jars from Maven, kept in the cache folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.process import run

_NAMESPACE = "http://maven.apache.org/POM/4.0.0"


def cache() -> Path:
    """Return the folder that keeps downloads between runs."""
    given = os.environ.get("SNAPSHOTTER_TEST_CACHE")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / ".cache" / "services"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one process at a time download."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def class_path(name: str, pom: Path) -> list[Path]:
    """Return the jars a pom resolves to. About a minute from an empty repository, nothing afterwards."""
    listing = cache() / f"{name}.classpath"
    with locked(name):
        if not listing.exists() or not all(Path(jar).exists() for jar in listing.read_text().split(os.pathsep)):
            fresh = listing.with_suffix(".new")
            run(["mvn", "-q", "-B", "-f", str(pom), "dependency:build-classpath", f"-Dmdep.outputFile={fresh}"])
            fresh.rename(listing)
    return [Path(jar) for jar in listing.read_text().split(os.pathsep)]


def jar(group: str, artifact: str, version: str) -> Path:
    """Return one jar, without what it depends on."""
    folder = cache() / "poms" / artifact
    folder.mkdir(parents=True, exist_ok=True)
    pom = folder / "pom.xml"
    pom.write_text(
        f'<project xmlns="{_NAMESPACE}"><modelVersion>4.0.0</modelVersion><groupId>tests</groupId>'
        f"<artifactId>one-jar</artifactId><version>1</version><packaging>pom</packaging><dependencies><dependency>"
        f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
        "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
        "</dependency></dependencies></project>"
    )
    return class_path(artifact, pom)[0]


def find(jars: list[Path], artifact: str) -> Path:
    """Return the jar of an artifact on a class path."""
    return next(path for path in jars if path.parent.parent.name == artifact)
