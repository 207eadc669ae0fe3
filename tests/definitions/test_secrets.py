import hashlib

import pytest

from definitions.document import Document
from definitions.secrets import collect, find, has_masked_values, is_secret_key, mask, mask_text, restore

CANARY = "c4n4ry-S3cret"


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        f"mysql -h db -u etl -p{CANARY} -e 'select 1'",
        f"mysql -uetl -p'{CANARY}' x",
        f"export DB_PASSWORD={CANARY}",
        f"password: '{CANARY}'",
        f'{{"password": "{CANARY}"}}',
        f"jdbc:mysql://etl:{CANARY}@db:3306/x",
        f"curl -H 'Authorization: Bearer {CANARY}' http://x",
        f"run --password {CANARY}",
        f"run --token={CANARY}",
        f'api_key = "{CANARY}"',
        f"accessKeySecret={CANARY};x=1",
        f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----",
        f"jdbc:mysql://h/x?user=a&password={CANARY}&b=1",
        f"jdbc:oracle:thin:etl/{CANARY}@//db:1521/x",
        f"create user a identified by '{CANARY}'",
        f"set password for a = password('{CANARY}')",
        f"curl -s -u etl:{CANARY} http://x",
        f'{{\\"password\\":\\"{CANARY}\\"}}',
        f"mysql -uroot \\\n  -p{CANARY} x",
        f"mysql -uroot \\\r\n  -p{CANARY} x",
        f"sshpass -p {CANARY} ssh h",
        f"sshpass -v \\\n -p{CANARY} ssh h",
        f"spark.hadoop.fs.s3a.secret.key={CANARY}",
        f"spark.hadoop.fs.s3a.access.key: {CANARY}",
        f"curl -su etl:{CANARY} http://x",
        f"curl -sS \\\n  -u etl:{CANARY} http://x",
        f"curl -u etl:a$b{CANARY} http://x",
        f'{{"password": ["{CANARY}"]}}',
        f'{{"password": ["first", "{CANARY}"]}}',
        f'{{\\"password\\": [\\"first\\",\\"{CANARY}\\"]}}',
        f'password="a\\"{CANARY}"',
        f"password='a\\'{CANARY}'",
        f"password='{CANARY}\\' -e x",
        f'password="{CANARY}',
        f"password=a$b{CANARY}",
        f"password=a${{b}}{CANARY}",
        f"jdbc:mysql://etl:first@one:3306,etl:{CANARY}@two:3306/x",
        f"https://etl:a$b{CANARY}@x",
        f'[{{"prop":"db_password","direct":"IN","type":"VARCHAR","value":"{CANARY}"}}]',
        f'{{\\"prop\\": \\"db.token\\", \\"direct\\": \\"IN\\", \\"value\\": \\"{CANARY}\\"}}',
        f'Incorrect value: "{{\\\\"dbPassword\\\\" : \\\\"{CANARY}\\\\"}}"',
    ],
)
def test_secrets_inside_text_are_masked(text):
    shown = mask_text(text)
    assert CANARY not in shown
    assert "******" in shown


@pytest.mark.parametrize(
    "text",
    [
        "echo ${password}",
        "mysql -p$PW -e x",
        "password=${DB_PASSWORD}",
        "select token_count from t",
        "ls -p dir",
        "make -pn",
        "curl -s http://x/a:b",
        "select password(name) from t",
        "curl -H 'Authorization: Bearer $TOKEN' http://x",
        "curl -u etl:$PW http://x",
        '[{"prop":"db_password","direct":"IN"},{"prop":"dt","value":"1"}]',
        "sshpass -e ssh -p 22 h",
        "sshpass -p $PW ssh h",
        '{"password": ["${pw}"]}',
    ],
)
def test_references_and_plain_text_are_left_alone(text):
    assert mask_text(text) == text


@pytest.mark.parametrize(
    "key", ["password", "dbPassword", "DB_PASSWORD", "access-key", "secretKey", "token", "sk", "apiKey"]
)
def test_secret_looking_keys(key):
    assert is_secret_key(key)
    assert CANARY not in str(mask({key: CANARY}, digest=digest))


@pytest.mark.parametrize("key", ["name", "rawScript", "taskType", "key", "skip", "primaryKey", "pwdx"])
def test_ordinary_keys(key):
    assert not is_secret_key(key)
    assert mask({key: "value"}, digest=digest) == {key: "value"}


def test_equal_secrets_stay_equal_and_others_differ():
    shown = mask({"a": {"password": "x"}, "b": {"password": "x"}, "c": {"password": "y"}}, digest=digest)
    assert shown["a"] == shown["b"] != shown["c"]


def test_parameter_lists_are_masked_by_their_prop():
    shown = mask(
        [{"prop": "db_password", "value": CANARY, "type": "VARCHAR"}, {"prop": "dt", "value": "1"}], digest=digest
    )
    assert CANARY not in str(shown)
    assert shown[1]["value"] == "1"


def test_masks_in_a_definition_are_found():
    document = Document("w", {}, {1: {"taskParams": {"password": "******"}}}, [])
    assert has_masked_values(document) == ["tasks.1.taskParams.password"]


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "mysql ",
            "curl ",
            "curl -u a",
            "-----BEGIN A PRIVATE KEY-----",
            "a.b+",
            "a://b",
            "a.",
            "a-",
            "jdbc:oracle:thin:",
        ),
        *("password ", "password='", "password=\\'", "authorization: ", "identified with ", "token_", "AKIA"),
        *(
            "mysql \\\n",
            "curl -uuu",
            "sshpass -v ",
            "sshpass\\\n",
            "password=['a',",
            "password=['",
            'password=["\\',
            "password=a${",
            "$x",
        ),
    ],
)
def test_hostile_text_ends_at_all(piece):
    """With a pattern that begins anywhere and scans on, each of these takes hours."""
    mask_text(piece * 150_000)


@pytest.mark.parametrize(
    ("before", "run", "after"),
    [
        ("authorization:", " ", ","),
        ("authorization", " ", ","),
        ("authorization:bearer", " ", ","),
        ("authorization:", "bearer ", ","),
        ("password", " ", "x"),
        ('"prop":"password",', "x", ""),
        ("", '"prop":"password",', ""),
        ('"prop":"', "password", ""),
        ("password=", " ", ","),
        ("password=[", " ", ","),
        ("password=['a'", " ", ";"),
        ("password", "\\", "x"),
        ("password='", "\\", ""),
        ("password=['", "\\'", ""),
        ("password=['a'", ",'b'", ","),
        ("password=a", "${", ""),
        ("password=a", "$b", ")"),
        ("--password ", " ", ","),
        ("mysql", " ", "x"),
        ("mysql ", "\\\n", "x"),
        ("mysql", " -p", ""),
        ("sshpass", " ", "x"),
        ("sshpass", "\\\n", "x"),
        ("sshpass -P", " ", ""),
        ("sshpass -p", " ", ""),
        ("curl -", "u", " "),
        ("curl -u", " ", ""),
        ("curl", " -uu", ""),
        ("identified", " ", "x"),
        ("identified with", " ", "x"),
        ("identified with ", "x", " y"),
        ("identified by", " ", "x"),
        ("password(", " ", "x"),
        ("a://b:", "c", ""),
        ("a://b:", "c@", "/"),
    ],
)
def test_a_long_run_ends_at_all(before, run, after):
    """Two parts of a pattern that both take the same run take hours here."""
    mask_text(before + run * 300_000 + after)


def test_what_is_masked_once_stays():
    text = f"jdbc:mysql://etl:{CANARY}@one/x?a=b&password={CANARY} password=['{CANARY}', \"a\"]"
    text += f""" AKIAABCDEFGHIJKLMNOP$x '{{"token":["{CANARY}"]}}'"""
    once = mask({"script": text}, digest=digest)
    assert CANARY not in once["script"]
    assert mask(once, digest=digest) == once
    assert restore(once, collect({"script": text}, digest=digest)) == {"script": text}


@pytest.mark.parametrize(
    "value",
    [
        {"tokens": 0, "password": [CANARY, CANARY]},
        {"password": {"value": CANARY}},
        {"prop": "password", "value": CANARY, "token": CANARY, "note": f"pwd={CANARY}"},
        {"prop": "password", "value": [CANARY]},
    ],
)
def test_secrets_in_lists_and_objects_under_a_secret_key(value):
    assert CANARY not in str(mask(value, digest=digest))


@pytest.mark.parametrize("text", [f"run --password {CANARY}", f"Authorization: Bearer {CANARY}", f"mysql -p{CANARY} x"])
def test_a_digest_is_not_masked_again(text):
    once = mask({"script": text, "password": CANARY}, digest=digest)
    assert mask(once, digest=digest) == once


@pytest.mark.parametrize("password", ["$ecr3t!", "$1$salt$hash", "$a b", "p$w"])
def test_a_password_may_begin_like_a_reference(password):
    assert password not in str(mask({"password": password}, digest=digest))


@pytest.mark.parametrize("reference", ["$PW", "${pw}", "$(cat pw)", "$[yyyy]", "{{ pw }}", "`cat pw`"])
def test_references_under_a_secret_key_are_shown(reference):
    assert mask({"password": reference}, digest=digest) == {"password": reference}


def test_a_password_may_begin_like_a_digest():
    assert "hunter2" not in mask_text("password=secret:hunter2")
    assert mask_text("password=secret:0123456789ab") == "password=secret:0123456789ab"


def test_all_that_is_masked_is_found_with_its_place():
    value = {
        "sql": "create user a identified by 'one'; create user b identified by 'two'",
        "list": [{"prop": "db_password", "value": "three"}, {"prop": "day", "value": "today"}],
        "secret": {"inner": {"token": 4}},
        "shown": "secret:0123456789ab password=${pw}",
    }
    assert find(value, digest=digest) == [
        ("sql", "one"),
        ("sql", "two"),
        ("list.0.value", "three"),
        ("secret.inner.token", "4"),
    ]
    assert {secret for _path, secret in find(value, digest=digest)} == set(collect(value, digest=digest).values())
