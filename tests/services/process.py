"""Child processes that never outlive us: started in groups of their own, stopped by pid, and by the kernel if we are killed."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class NotReady(Exception):
    """A server ended or did not answer in time; the message ends with its log's last lines."""


def free_port() -> int:
    """Return a port below those that the kernel gives to connections: a server that is stopped for a while finds it free again."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """One server program. Subclasses give `command`, `answers` and what must be prepared. Launch from the main thread."""

    name = "server"
    patience = 120.0  # seconds until it must answer

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def prepare(self) -> None:
        """Make what the program needs before its first start."""

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return {}

    def answers(self) -> bool:
        raise NotImplementedError

    def finish(self) -> None:
        """Do what needs the running server once, such as making users."""

    def launch(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.prepare()
        self._spawn()
        return self

    def again(self) -> Self:
        """Start it on what it left behind and wait until it answers; nothing is prepared or finished a second time."""
        self._spawn()
        wait_until(self.answers, self.patience, lambda: self._trouble())
        return self

    def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command()),
                cwd=self.folder,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.starts += 1

    def wait(self) -> Self:
        wait_until(self.answers, self.patience, lambda: self._trouble())
        self.finish()
        return self

    def start(self) -> Self:
        return self.launch().wait()

    def stop(self) -> None:
        if self.process is None:
            return
        for number, seconds in ((signal.SIGTERM, 20), (signal.SIGKILL, 10)):
            if self.process.poll() is None:
                _signal_group(self.process.pid, number)
                try:
                    self.process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process = None

    def kill(self) -> None:
        """End it at once, as a crash would; `launch` starts it again."""
        assert self.process is not None
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _trouble(self) -> str | None:
        if self.process is not None and self.process.poll() is None:
            return None
        return f"{self.name} ended; its log says:\n{self.tail()}"

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:]) if self.log.exists() else ""


def wait_until(condition: Callable[[], bool], seconds: float, trouble: Callable[[], str | None] = lambda: None) -> None:
    """Ask every 0.2 s until the condition holds. Raises NotReady."""
    deadline = time.monotonic() + seconds
    while not condition():
        problem = trouble()
        if problem:
            raise NotReady(problem)
        if time.monotonic() > deadline:
            raise NotReady(f"not ready after {seconds:.0f} s")
        time.sleep(0.2)


def connects(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def run(command: Sequence[str], **options: object) -> str:
    """Run a program to its end and return what it printed; its output is the error's text where it fails."""
    done = subprocess.run(list(command), capture_output=True, text=True, **options)  # type: ignore[call-overload]
    if done.returncode:
        raise NotReady(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return str(done.stdout)


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
