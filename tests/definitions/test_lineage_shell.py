"""Which SQL a script certainly hands to a client."""

import pytest

from definitions.lineage_shell import read_shell
from definitions.lineage_sql import Reading

SCRIPTS = [
    ("hive -e \"insert overwrite table dwd.a select * from ods.b where dt='${bizdate}'\"", "ods.b", "dwd.a", ""),
    ("hive -e 'use dwd; insert into a select * from b' > /tmp/x 2>&1 &", "dwd.b", "dwd.a", ""),
    ("hive <<EOF\ninsert into a select * from b;\nEOF\necho done", "b", "a", ""),
    ("hive <<-'END'\n\tinsert into a select * from `b`;\n\tEND\nhive -e 'select * from c'", "b c", "a", ""),
    ('mysql -N <<< "select * from shop.t"', "shop.t", "", ""),
    ("mysql -h x -uroot -psecret shop -sNe 'select * from `a`'", "shop.a", "", ""),
    ("mysql --user root --database=shop --execute='delete from a'", "", "shop.a", ""),
    ("mysql -Dshop -e'select 1 from a'", "shop.a", "", ""),
    ('psql -h h -d db -c "insert into a.b select 1" | tee x', "", "a.b", ""),
    ('clickhouse-client --host h -d dwd -q "insert into a select * from b"', "dwd.b", "dwd.a", ""),
    ("trino --catalog hive --execute 'select * from a.b'", "a.b", "", "") ,
    ('beeline -u jdbc:hive2://h:1/dwd -n u -e "select * from t"', "dwd.t", "", ""),
    ("sudo -u hdfs -E hive -e 'select * from a'", "a", "", ""),
    ("A=1 nohup timeout -k 5 3600 nice -n 10 /opt/hive/bin/hive -e 'select * from a' &", "a", "", ""),
    ("mysql --batch --skip-column-names shop -e 'select * from a'", "shop.a", "", ""),
    ("mysql --ssl-mode DISABLED -e 'select * from a'", "a", "", ""),
    ("sudo", "", "", ""),
    ("/usr/bin/hive \\\n --hiveconf a=b -e \"select *\n from t\"", "t", "", ""),
    ('cnt=$(mysql -N -e "select count(*) from shop.t")\nif [ $cnt -gt 0 ]; then\n python3 x.py\nfi', "shop.t", "", "program"),
    ('sql="insert into dwd.a select * from b"\nspark-sql -e "$sql"', "b", "dwd.a", ""),
    ('sql="select * from a"\nsql="select * from b"\nhive -e "${sql}"', "", "", "shell_variable"),
    ('hive -e "$1"', "", "", "shell_variable"),
    ("for t in a b; do hive -e \"select * from ods.$t\"; done", "", "", "name_is_parameter"),
    ('hive -e "insert into dwd.t_$day select * from a"', "a", "dwd.t_${day}", ""),
    ("hive -e \"select * from a where d='$(date +%F)'; select * from t_$(date)\"", "a", "", "shell_expansion"),
    ('mysql -e "select * from `a`"', "", "", "program shell_expansion"),
    ('hive -e "$(cat x.sql)"', "", "", "shell_expansion"),
    ("hive -f x.sql", "", "", "script_file"),
    ("mysql shop < x.sql", "", "", "script_file"),
    ("cat x.sql | hive", "", "", "pipe"),
    ("f() {\n hive -e 'select 1 from q'\n}\nf", "q", "", ""),
    ("case $1 in\n a) echo x;;\n b) sh y.sh;;\nesac", "", "", "program"),
    ("# hive -e 'select * from no'\n[[ a == b && c ]] && echo 1; ((i++)); a=(1 2)\necho \"hive -e 'select * from no'\"", "", "", ""),
    ("echo 'never closed", "", "", ""),
    ("echo $(echo $(echo `echo \"$(echo", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("script", "reads", "writes", "unknown"), SCRIPTS)
def test_script(script: str, reads: str, writes: str, unknown: str) -> None:
    reading = Reading()
    read_shell(reading, script)
    found = reading.result()
    assert (
        {table.name for table in found.reads},
        {table.name for table in found.writes},
        sorted(item.why.value for item in found.unknown),
    ) == (set(reads.split()), set(writes.split()), unknown.split())


def test_deep_and_long_scripts_end() -> None:
    reading = Reading()
    read_shell(reading, "$(" * 20000 + "echo " + "`" * 20001 + "<<" * 10000 + "\\")
    read_shell(reading, "((" * 20000)
    read_shell(reading, "<<a " * 3000 + "\n" + "x\n" * 3000)
    assert not reading.result().writes
