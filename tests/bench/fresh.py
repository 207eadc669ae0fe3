"""One request in a process of its own: `python -m tests.bench.fresh ADDRESS`.

Prints JSON: status, bytes of the answer, milliseconds, and bytes of memory: by how much the process grew at its highest, and that height.
A small page is opened first, so that what is loaded once (templates, translations, addresses) is not counted.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django


def main() -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_LEVEL": "ERROR"}
    django.setup()
    from django.conf import settings  # Django must be set up first
    from django.contrib.auth.models import User
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(username="root"), backend="django.contrib.auth.backends.ModelBackend")
    client.get("/workflows/")
    print(json.dumps(_asked(client, sys.argv[1])))


def _asked(client: Any, address: str) -> dict[str, Any]:
    from tests.bench.timing import elapsed

    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
    before = _memory("VmRSS")
    answers: list[Any] = []
    taken = elapsed(lambda: answers.append(client.get(address)))
    peak = _memory("VmHWM")
    body = answers[0].content
    return {
        "status": answers[0].status_code,
        "bytes": len(body),
        "milliseconds": taken,
        "grown": peak - before,
        "peak": peak,
        "text": body[:200].decode(errors="replace") if answers[0].status_code != 200 else "",
    }


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
