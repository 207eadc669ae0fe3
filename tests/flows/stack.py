"""The product as it runs in production: gunicorn, Celery workers and beat as processes, on MySQL as an ordinary user, and Redis."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.services.fixtures import address
from tests.services.process import Server, free_port, run
from tests.services.raw_dolphin import RawDolphin
from tests.services.redis import Redis

ROOT = Path(__file__).resolve().parents[2]
SETUP = """
from catalog.models import Instance, Project
from catalog.choices import Mode
from catalog.secrets_at_rest import encrypt
from catalog.test_connection import test_connection
from audit.actors import SYSTEM
instance, _ = Instance.objects.get_or_create(name="prod", defaults={{"base_url": "{url}", "token_encrypted": encrypt("{token}")}})
report = test_connection(instance, actor=SYSTEM)
assert report.flavour == "3.1" and not report.problems, report
Project.objects.create(instance=instance, code={code}, name="warehouse {code}", mode=Mode.PUBLISH)
"""


class Program(Server):
    """One of the product's own processes, of the release in `root`."""

    def __init__(
        self, name: str, folder: Path, command: Sequence[str], environment: dict[str, str], root: Path = ROOT
    ) -> None:
        super().__init__(folder)
        self.name = name
        self.root = root
        self.log = folder / f"{name}.log"
        self._command, self._environment = command, environment

    def prepare(self) -> None:
        """Nothing."""

    def command(self) -> Sequence[str]:
        return self._command

    def environment(self) -> dict[str, str]:
        return {**self._environment, "PYTHONPATH": str(self.root)}

    def answers(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Web(Program):
    url = ""

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False


class Stack:
    """`url` of the site. `manage` runs a command as an operator would."""

    def __init__(self, folder: Path, database: str, *, workers: int = 2, concurrency: int = 2) -> None:
        """`database` is its address; `concurrency` counts the processes of each worker."""
        self.workers, self.concurrency = workers, concurrency
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self.redis = Redis(folder / "redis")
        self.environment = {
            "SECRET_KEY": "flows-only-" + "x" * 50,
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": self.redis.url,
            "SNAPSHOTTER_SWEEP": "5",
            "SNAPSHOTTER_FIRE_GUARD": "60",  # the tests around it switch theirs off
            "SNAPSHOTTER_INSPECT_EVERY": "0",  # tests that look for drift ask for it
            "SNAPSHOTTER_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
            "SNAPSHOTTER_WORKER": "celery",
            "HTTPS": "false",
            "STATIC_ROOT": str(folder / "static"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONWARNINGS": "ignore",
        }
        self.programs: list[Server] = []

    def set_up(self) -> None:
        self.manage("migrate", "--verbosity=0")
        self.manage("collectstatic", "--noinput", "--verbosity=0")

    def manage(self, *command: str, root: Path = ROOT) -> str:
        """Run a command as an operator would, with the release in `root`."""
        manage = [sys.executable, str(root / "manage.py"), *command]
        return run(manage, env={**os.environ, **self.environment, "PYTHONPATH": str(root)}, cwd=root)

    def shell(self, code: str, *, root: Path = ROOT) -> str:
        return self.manage("shell", "--verbosity=0", "-c", code, root=root)

    def log(self, program: str) -> str:
        return (self.folder / f"{program}.log").read_text(errors="replace")

    def govern(self, raw: RawDolphin) -> int:
        """Make a project in DolphinScheduler, take it under governance in publish mode, and return its code."""
        code = raw.create_project()
        self.shell(SETUP.format(url=raw.url, token=raw.token, code=code))
        return code

    def start(self) -> None:
        self.redis.start()
        celery = [sys.executable, "-m", "celery", "-A", "config", "--workdir", str(ROOT)]
        for number in range(1, self.workers + 1):
            worker = [
                *celery,
                "worker",
                f"--concurrency={self.concurrency}",
                f"--hostname=w{number}@%h",
                "--loglevel=INFO",
            ]
            self._launch(Program(f"worker{number}", self.folder, worker, self.environment))
        beat = [*celery, "beat", "--schedule", str(self.folder / "beat"), "--loglevel=INFO"]
        self._launch(Program("beat", self.folder, beat, self.environment))
        port = self.url.rsplit(":", 1)[1]
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            f"--bind=127.0.0.1:{port}",
            "--workers=2",
            "--threads=4",
        ]
        web = Web("web", self.folder, [*gunicorn, f"--chdir={ROOT}"], self.environment)
        web.url = self.url
        self._launch(web)
        for program in self.programs:
            program.wait()

    def stop(self) -> None:
        for program in reversed(self.programs):
            program.stop()
        self.redis.stop()

    def program(self, name: str) -> Server:
        return next(program for program in self.programs if program.name == name)

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _launch(self, program: Server) -> None:
        self.programs.append(program.launch())


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """Make a database on the tests' MySQL, yield its address, and drop it."""
    import MySQLdb  # only where MySQL is

    name = name.replace("-", "_")[:60]
    given = urlsplit(address("MYSQL"))
    place = {"host": str(given.hostname), "port": int(given.port or 3306)}
    connection = MySQLdb.connect(**place, user=str(given.username), password=str(given.password), autocommit=True)
    connection.cursor().execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    try:
        yield f"{address('MYSQL').rsplit('/', 1)[0]}/{name}"
    finally:
        connection.cursor().execute(f"DROP DATABASE `{name}`")
        connection.close()


def curl(*arguments: str) -> str:
    """Run the real curl, as the README shows it."""
    return subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True, timeout=90).stdout
