import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from dolphin.sandbox import Sandbox
from operations.demo.demo import Shown, prepare
from operations.embedded.beside import start_beside
from operations.embedded.work import work

_ROLES = {
    "admin": "everything, instances too",
    "wang.wei": "manages the project",
    "li.na": "publishes",
    "zhao.min": "looks",
    "chen.jie": "on call: asks for rollbacks and executes them",
    "liu.yang": "approves rollbacks",
    "ma.jun": "may break the glass",
    "he.qing": "reads the audit trail",
}


class Command(BaseCommand):
    help = "Fill an empty database with a small warehouse on a sandbox DolphinScheduler, and serve the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--folder", type=Path, default=Path(".demo"))

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        _check_free(options["port"])
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        with Sandbox(examples=True, state_file=folder / "sandbox.json") as sandbox:
            shown = prepare(folder, sandbox, self.stdout.write)
            sandbox.state.save(folder / "sandbox.json")  # a machine that is switched off does not say goodbye
            worker = threading.Thread(target=work, args=(stop,), name="work")
            worker.start()
            beside = [worker, *start_beside(stop)]
            web = self._serve(options["port"])
            if _answers(web, options["port"]):
                self._tell(options["port"], shown)
            while web.poll() is None and not stop.wait(0.5):
                pass
            stop.set()
            web.terminate()
            web.wait(10)
            for thread in beside:
                thread.join()
        if web.returncode not in (0, -signal.SIGTERM):
            raise CommandError("The web server ended by itself; what it said stands above.")

    def _serve(self, port: int) -> "subprocess.Popen[bytes]":
        command = ["-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", "--threads=8", "--log-level=warning"]
        return subprocess.Popen(  # noqa: S603  our own interpreter, no shell
            [sys.executable, *command], cwd=settings.BASE_DIR, env=os.environ
        )

    def _tell(self, port: int, shown: Shown) -> None:
        people = [f"    {name:10} {password:14} {_ROLES[name]}" for name, password in shown.people.items()]
        site = f"http://127.0.0.1:{port}"
        lines = [
            "",
            f"  {site}/",
            "",
            "  Sign in as",
            *people,
            "",
            "  Then: Workflows > orders_daily. Compare two versions, or change a script with Publish... and look again.",
            "  Rolling back: sign in as chen.jie and follow docs/handbook/rolling-back.md. Exercises: docs/handbook/lab.md.",
            "  The README's curl works in another terminal after",
            f"    export SITE={site} PROJECT={shown.project} TOKEN={shown.token}",
            "",
            "  Ctrl-C stops it; `make demo` goes on where it stopped; remove .demo to begin again.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _check_free(port: int) -> None:
    """Before anything is changed: another demo may be running from this very folder."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Try: make demo PORT={port + 1}") from error


def _answers(web: "subprocess.Popen[bytes]", port: int) -> bool:
    """Wait until the site takes calls; False when it ended instead."""
    while web.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
