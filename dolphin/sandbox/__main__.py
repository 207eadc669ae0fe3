"""`python -m dolphin.sandbox`: run the sandbox in the foreground until it is told to stop."""

import argparse
import json
import signal
import threading
from pathlib import Path

from dolphin.sandbox.dialect import DIALECTS
from dolphin.sandbox.server import Sandbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m dolphin.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--flavour", choices=sorted(DIALECTS), default="3.1")
    parser.add_argument("--token", default="sandbox-token")
    parser.add_argument("--state", type=Path, help="file that keeps the state from one run to the next")
    parser.add_argument("--examples", action="store_true", help="start with example workflows")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Sandbox(
        options.port, flavour=options.flavour, token=options.token, state_file=options.state, examples=options.examples
    ) as sandbox:
        print(json.dumps({"url": sandbox.url, "token": sandbox.token, "project": sandbox.project}), flush=True)
        stop.wait()


main()
