"""DolphinScheduler 2.0.5's API server on H2. Schedules go online; nothing ever fires."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.services import maven, schema, seed
from tests.services.dolphin311 import FILES, Dolphin311
from tests.services.process import free_port

_OPEN = (
    "java.lang",
    "java.lang.invoke",
    "java.lang.reflect",
    "java.util",
    "java.text",
    "java.net",
    "java.nio",
    "sun.nio.ch",
)
_PROPERTIES = "registry.plugin.name=zookeeper\nregistry.block.until.connected.wait=6000\n"


class Dolphin205(Dolphin311):
    name = "dolphin205"

    @classmethod
    def jars(cls) -> list[Path]:
        return maven.class_path("dolphinscheduler-2.0.5", FILES / "pom-2.0.5.xml")

    def prepare(self) -> None:
        jars = self.jars()
        conf = self.folder / "conf"
        shutil.rmtree(self.folder / "registry", ignore_errors=True)
        for folder in (conf, self.folder / "registry"):
            folder.mkdir(parents=True, exist_ok=True)
        ddl = schema.tables(jars, maven.find(jars, "dolphinscheduler-dao"), old=True)
        version = "create table t_ds_version (id int auto_increment primary key, version varchar(200));\n"
        (conf / "schema.sql").write_text(ddl + schema.quartz(maven.find(jars, "quartz"), "tables_h2.sql") + version)
        (conf / "data.sql").write_text(seed.rows(old=True))
        (conf / "registry.properties").write_text(_PROPERTIES)
        (conf / "quartz.properties").write_text("# defaults\n")
        shutil.copy(FILES / "application-harness.yaml", conf)
        shutil.copy(FILES / "logback.xml", conf)

    def environment(self) -> Mapping[str, str]:
        return {"HTTP_PORT": str(self.port)}

    def command(self) -> Sequence[str]:
        return [
            *("java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPEN),
            *("-cp", ":".join([str(self.folder / "conf"), *map(str, self.jars())])),
            str(FILES / "OldApiServer.java"),
            str(free_port()),
            str(self.folder / "registry"),
        ]
