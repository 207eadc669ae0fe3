"""Goals 4 and 5: bytes a version, and rebuilding any of them, on MySQL."""

import json
import statistics
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from definitions.canonical import canonicalise
from dolphin.payloads import read_document
from snapshotter import store
from snapshotter.models import DefinitionBlob, DefinitionContent
from tests.bench.timing import Result, elapsed
from tests.bench.workloads import edited, raw_definition

VERSIONS = 1000
_ROW = 64 + 4 + 8  # hash, size and id beside the data of a piece; a content row has about the same


def results() -> Iterator[Result]:
    for count in (50, 200):
        yield from _versions(count)


def _versions(count: int) -> Iterator[Result]:
    DefinitionContent.objects.all().delete()
    DefinitionBlob.objects.all().delete()
    raw = raw_definition(count)
    whole: list[int] = []
    hashes: list[str] = []
    bodies: list[bytes] = []
    for number in range(VERSIONS):
        raw = edited(raw, edits=1, seed=number)
        canonical = canonicalise(read_document(raw))
        body = canonical.definitions_json + b"\n" + canonical.relations_json
        with transaction.atomic():
            store.put_content(canonical)
        hashes.append(canonical.content_hash)
        whole.append(len(zlib.compress(body, 6)))
        if number % 10 == 0:
            bodies.append(body)
    blobs = DefinitionBlob.objects.aggregate(total=Sum(Length("data")))["total"] + DefinitionBlob.objects.count() * _ROW
    manifests = DefinitionContent.objects.aggregate(total=Sum(Length("manifest")))["total"] + VERSIONS * _ROW
    note = f"(git after gc: {_git(bodies) / len(bodies):,.0f} bytes a version, every tenth)"
    per_version = (blobs + manifests) / VERSIONS
    yield Result("4", f"bytes a version, {count} tasks", per_version, statistics.mean(whole), 1 / 20, "B", note=note)
    yield _rebuild(count, hashes, bodies[0])


def _rebuild(count: int, hashes: list[str], body: bytes) -> Result:
    packed = zlib.compress(body, 6)
    ours, anchor = [], []
    for content_hash in hashes[:: VERSIONS // 40]:
        ours.append(elapsed(lambda wanted=content_hash: store.get_content(wanted)))
        anchor.append(elapsed(lambda: zlib.decompress(packed)))
    return Result("5", f"rebuild any version, {count} tasks", statistics.median(ours), statistics.median(anchor), 10)


def _git(bodies: list[bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        git = ["git", "-c", "user.name=b", "-c", "user.email=b@example.org", "-C", folder]
        subprocess.run([*git, "init", "-q"], check=True)
        for body in bodies:
            (Path(folder) / "d.json").write_text(
                json.dumps(json.loads(body.split(b"\n")[0]), indent=1, ensure_ascii=False)
            )
            subprocess.run([*git, "add", "."], check=True)
            subprocess.run([*git, "commit", "-q", "-m", "v"], check=True)
        subprocess.run([*git, "gc", "-q", "--aggressive"], check=True)
        return float(
            sum(path.stat().st_size for path in (Path(folder) / ".git" / "objects").rglob("*") if path.is_file())
        )
