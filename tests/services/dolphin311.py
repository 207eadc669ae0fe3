"""DolphinScheduler 3.1.1: API, master, worker and alert server in one process, on H2 or on our MySQL."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

from tests.services import maven, schema, seed
from tests.services.mysql import PASSWORD, USER, MySQL
from tests.services.process import Server, free_port

FILES = Path(__file__).parent / "dolphin"
DATABASE = "ds_311"  # on our MySQL
_H2 = "jdbc:h2:mem:ds;MODE=MySQL;DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=true"
_CONNECTOR = ("mysql", "mysql-connector-java", "8.0.16")  # the one DolphinScheduler's manual names
_OPEN = ("java.lang", "java.lang.invoke", "java.util", "java.nio", "sun.nio.ch")


class Dolphin311(Server):
    """`url` and `token` as a client needs them; `tenant` is one whose tasks really run."""

    name = "dolphin311"
    patience = 240.0
    token = seed.TOKEN
    tenant = seed.TENANT

    def __init__(self, folder: Path, mysql: MySQL | None = None) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.mysql = mysql
        if mysql is not None:
            self.name = "dolphin311mysql"
            self.log = folder / f"{self.name}.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dolphinscheduler"

    @classmethod
    def jars(cls) -> list[Path]:
        return maven.class_path("dolphinscheduler-3.1.1", FILES / "pom-3.1.1.xml")

    def prepare(self) -> None:
        jars = self.jars()
        conf = self.folder / "conf"
        for folder in (conf, self.folder / "tmp", self.folder / "data"):
            folder.mkdir(parents=True, exist_ok=True)
        quartz = "tables_mysql_innodb.sql" if self.mysql else "tables_h2.sql"
        # On MySQL as its own schema has it: no index on a task's code. In memory it would only make the tests slower.
        bare = ("t_ds_task_definition",) if self.mysql else ()
        ddl = schema.tables(jars, maven.find(jars, "dolphinscheduler-dao"), bare=bare)
        (conf / "schema.sql").write_text(ddl + schema.quartz(maven.find(jars, "quartz"), quartz))
        (conf / "data.sql").write_text(seed.rows())
        for name in ("application.yaml", "task-type-config.yaml"):
            shutil.copy(FILES / name, conf / name)
        shutil.copy(FILES / "logback.xml", conf / "logback-spring.xml")
        if self.mysql is not None:
            self.mysql.create_database(DATABASE, charset="utf8", collation="utf8_general_ci")

    def environment(self) -> Mapping[str, str]:
        database = {"DB_URL": _H2, "DB_USER": "sa", "DB_PASSWORD": ""}
        if self.mysql is not None:
            options = "useUnicode=true&characterEncoding=UTF-8&useSSL=false&allowPublicKeyRetrieval=true"
            address = f"jdbc:mysql://127.0.0.1:{self.mysql.port}/{DATABASE}?{options}"
            database = {"DB_URL": address, "DB_USER": USER, "DB_PASSWORD": PASSWORD}
        ports = {name: str(free_port()) for name in ("MASTER_PORT", "WORKER_PORT", "ALERT_PORT")}
        tables = {"SPRING_SQL_INIT_MODE": "never" if self.starts else "always"}
        return {**database, **ports, **tables, "HTTP_PORT": str(self.port)}

    def command(self) -> Sequence[str]:
        jars = [*([maven.jar(*_CONNECTOR)] if self.mysql else []), *self.jars()]
        return [
            *("java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            f"-Djava.io.tmpdir={self.folder}/tmp",
            f"-Ddata.basedir.path={self.folder}/data",
            "-Dsudo.enable=false",  # tasks run as our own account
            "-Dspring.cloud.kubernetes.enabled=false",
            "-Dspring.cloud.bootstrap.enabled=false",
            *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPEN),
            *("-cp", ":".join([str(self.folder / "conf"), *map(str, jars)])),
            "org.apache.dolphinscheduler.StandaloneServer",
        ]

    def answers(self) -> bool:
        try:
            answer = requests.get(f"{self.url}/users/get-user-info", headers={"token": self.token}, timeout=2)
            return bool(answer.json()["code"] == 0)
        except (requests.RequestException, ValueError, KeyError):
            return False
