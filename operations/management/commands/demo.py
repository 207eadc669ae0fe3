import os
import signal
import subprocess
import sys
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from dolphin.sandbox import Sandbox
from operations.demo import prepare
from operations.send import start_sender
from operations.work import work


class Command(BaseCommand):
    help = "Fill an empty database with a small warehouse on a sandbox DolphinScheduler, and serve the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--folder", type=Path, default=Path(".demo"))

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with Sandbox(examples=True, state_file=folder / "sandbox.json") as sandbox:
            shown = prepare(folder, sandbox, self.stdout.write)
            worker = threading.Thread(target=work, args=(stop,), name="work")
            worker.start()
            sender = start_sender(stop)
            web = self._serve(options["port"])
            self._tell(options["port"], shown)
            while web.poll() is None and not stop.wait(0.5):
                pass
            stop.set()
            web.terminate()
            web.wait(10)
            worker.join()
            sender.join()
        if web.returncode not in (0, -signal.SIGTERM):
            raise SystemExit(2)

    def _serve(self, port: int) -> "subprocess.Popen[bytes]":
        command = ["-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", "--threads=8", "--log-level=warning"]
        return subprocess.Popen(  # noqa: S603  our own interpreter, no shell
            [sys.executable, *command], cwd=settings.BASE_DIR, env=os.environ
        )

    def _tell(self, port: int, shown: dict[str, str]) -> None:
        self.stdout.write(f"\n  http://127.0.0.1:{port}/\n")
        for name, secret in shown.items():
            self.stdout.write(f"  {name:12} {secret}")
        self.stdout.write("\n  Ctrl-C stops it; `make demo` goes on where it stopped; remove .demo to begin again.\n")
        self.stdout.flush()
