"""Which SQL a script certainly hands to a client."""

import pytest

from definitions.lineage.model import TaskLineage, Why
from definitions.lineage.shell import read_shell
from definitions.lineage.sql import Reading

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
    ("x=(a $(mysql -e 'select 1 from s.t'))\nwhile read l; do echo $l; done < <(hive -e 'select 1 from a.b')", "s.t a.b", "", ""),
    ("mysql \\\n shop -e 'select * from a'", "shop.a", "", ""),
    ("function f { hive -e 'select 1 from q'; }\nf", "q", "", ""),
    ("hive() { echo no; }\nhive -e 'insert into a.x select 1'", "", "", "program"),
    ("{ mysql db; } < x.sql; hive --version", "", "", "pipe"),
    ("hive -i init.sql -e 'select * from a.b'", "a.b", "", "script_file"),
    ("$(" * 12 + "hive -f x" + ")" * 12, "", "", "program too_deep"),
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


SQL = 'SQL="insert into a.x select * from b.y"'
USE = 'hive -e "$SQL"'
CERTAIN = [
    f"{SQL}\n{USE}",
    f"export {SQL}; if true; then {USE}; fi",
    f"cd x &&\n {SQL} && {USE}",
    f". ./profile.sh\n{SQL}\n{USE}",
    f"run() {{ local {SQL}; {USE}; }}\nrun",
    f"{SQL}\necho $({USE})",
]
DOUBTFUL = [
    f"{SQL}\nwhile read SQL; do {USE}; done < list.txt",
    f"{SQL}\nwhile IFS= read -r SQL; do {USE}; done < list.txt",
    f'{SQL}\nprintf -v SQL "%s" "drop table z.z"\n{USE}',
    f"{SQL}\nmapfile -t SQL < x\n{USE}",
    f"{SQL}\nfor SQL in a b; do {USE}; done",
    f"{SQL}\nselect SQL in a b; do {USE}; done",
    f'{SQL}\nSQL+=" union all select * from c.z"\n{USE}',
    f"export {SQL}\nexport SQL=x\n{USE}",
    f"{SQL}\nSQL[0]=x\n{USE}",
    f"SQL=(a b)\n{USE}",
    f'SQL=""; : ${{SQL:=drop table z.z}}\n{USE}',
    f"{USE}\n{SQL}",
    f"( {SQL} )\n{USE}",
    f"f() {{ {SQL}; }}\n{USE}",
    f"if true; then {SQL}; else {USE}; fi",
    f"while true; do {SQL}; break; done; {USE}",
    f"case $1 in\n a) {SQL};;\n b) {USE};;\nesac",
    f"test $x && {SQL}\n{USE}",
    f"test $x || {SQL} || {USE}",
    f"test $x && {{ {SQL}; }}; {USE}",
    f"{SQL} | cat\n{USE}",
    f"{SQL} & {USE}",
    f"{SQL} {USE}",
    f"{SQL}; declare -n r=SQL; {USE}",
]


@pytest.mark.parametrize("script", CERTAIN)
def test_a_variable_that_is_certain(script: str) -> None:
    assert {table.name for table in read(script).writes} == {"a.x"}
    assert Why.SHELL_VARIABLE not in {item.why for item in read(script).unknown}


@pytest.mark.parametrize("script", [*DOUBTFUL, f"{SQL}; eval $x; {USE}", f"{SQL}\nsource x.sh\n{USE}"])
def test_a_variable_that_is_not(script: str) -> None:
    found = read(script)
    assert (found.reads, found.writes) == (set(), set())
    assert Why.SHELL_VARIABLE in {item.why for item in found.unknown} or "SQL=(" in script


RUNNING = [
    "find . -exec hive -f {} \\;",
    "find . -name x -okdir hive -f {} +",
    "trap 'hive -e \"drop table a.b\"' EXIT",
    "trap \"trap 'hive -f x' EXIT\" EXIT",
    "awk 'BEGIN{system(\"hive -f x\")}'",
    "awk '{print | \"hive\"}' x",
    "awk -f x.awk y",
    "sed 's/a/b/e' x",
    "sed -n '1e hive -f x' y",
    "sed -es/a/b/e x",
    "sed -f x.sed y",
    "tar xf x.tar --to-command='hive -f x'",
    "tar -I 'hive -f' -xf x",
    "sort --compress-program=hive x",
    "split --filter='hive -f x' y",
    "alias cat='hive -f'",
    "cat x | xargs hive -e",
    "env -S 'hive -f x'",
    "time -p hive -f x",
    "eval 'hive -f x'",
    "source x.sh",
    ". x.sh",
    "ssh h1 hive -e 'drop table a.b'",
    "parallel hive -f ::: x",
    "watch hive -f x",
    "sh -c 'hive -f x'",
]


@pytest.mark.parametrize("script", RUNNING)
def test_a_program_that_may_run_another_is_not_known(script: str) -> None:
    found = read(script)
    assert (found.reads, found.writes, {item.why for item in found.unknown}) == (set(), set(), {Why.PROGRAM})


@pytest.mark.parametrize(
    "script", ["tee >(mysql db) < x.sql", "nohup hive -f x", "env A=1 hive -f x", "{ echo; hive; } < x"]
)
def test_a_client_behind_another_program_is_seen(script: str) -> None:
    assert {item.why for item in read(script).unknown} <= {Why.PIPE, Why.SCRIPT_FILE}
    assert read(script).unknown


def test_the_same_programs_are_harmless_as_they_are_used() -> None:
    found = read(
        "tar -xzf x.tgz -C y; tar czf x y; sort -k1,1 x; awk -F '|' '$1==\"a\" || $2{print $3}' x; sed -i 's#a#b#g' x; sed -n 1p x\n"
        "find /x -mtime +7 -type f -delete\nclean() { rm -f x; }\ntrap 'rm -f x; clean' EXIT\ntrap - INT"
    )
    assert not found.unknown


def read(script: str) -> TaskLineage:
    reading = Reading()
    read_shell(reading, script)
    return reading.result()


def test_deep_and_long_scripts_end() -> None:
    reading = Reading()
    read_shell(reading, "$(" * 20000 + "echo " + "`" * 20001 + "<<" * 10000 + "\\")
    read_shell(reading, "((" * 20000)
    read_shell(reading, "<<a " * 3000 + "\n" + "x\n" * 3000)
    assert not reading.result().writes
