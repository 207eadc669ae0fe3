"""MariaDB, as Debian packs it."""

from collections.abc import Sequence

from tests.services.mysql import MySQL, account, give_away
from tests.services.process import run


class MariaDB(MySQL):
    name = "mariadb"

    def install(self) -> None:
        """Debian's package; see `debian`."""

    def prepare(self) -> None:
        if self.data.exists():
            return
        self.data.mkdir(parents=True)
        give_away(self.data)
        options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        run(["mariadb-install-db", "--no-defaults", f"--user={account()}", f"--datadir={self.data}", *options])

    def command(self) -> Sequence[str]:
        return [
            "mariadbd",
            "--no-defaults",
            f"--user={account()}",
            f"--datadir={self.data}",
            "--bind-address=127.0.0.1",
            f"--port={self.port}",
            f"--socket={self.socket}",
            f"--pid-file={self.data}/pid",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_bin",
        ]
