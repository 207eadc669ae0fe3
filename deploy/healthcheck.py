"""A container's health check, without Django and so in a few milliseconds. Exit status 0: well, 1: not; the reason goes to standard output.

python deploy/healthcheck.py web              /readyz answers with 200
python deploy/healthcheck.py alive SECONDS    the worker or beat has given a sign of life in SNAPSHOTTER_ALIVE_FILE
"""

import http.client
import os
import sys
import time

TIMEOUT = 5.0  # seconds; /readyz itself takes two at most


def web() -> str:
    """Return what is wrong, "" where nothing is."""
    host, _, port = os.environ.get("WEB_BIND", "0.0.0.0:8000").rpartition(":")
    names = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "localhost").split(",")]
    link = http.client.HTTPConnection("127.0.0.1" if host in ("", "0.0.0.0") else host, int(port), timeout=TIMEOUT)  # noqa: S104
    try:
        link.request("GET", "/readyz", headers={"Host": names[0].lstrip(".*") or "localhost"})
        answer = link.getresponse()
        text = answer.read(500).decode(errors="replace")
    except OSError as error:
        return f"does not answer ({type(error).__name__})"
    finally:
        link.close()
    return "" if answer.status == 200 else f"HTTP {answer.status} {text}"


def alive(seconds: float) -> str:
    """The same for a process that writes its sign of life into a file."""
    path = os.environ.get("SNAPSHOTTER_ALIVE_FILE", "")
    try:
        age = time.time() - os.stat(path).st_mtime
    except OSError:
        return "no sign of life yet"
    return "" if age <= seconds else f"no sign of life for {age:.0f} s"


def main(arguments: list[str]) -> int:
    problem = alive(float(arguments[1])) if arguments[0] == "alive" else web()
    print(problem or "ok")  # noqa: T201  the container engine keeps it
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
