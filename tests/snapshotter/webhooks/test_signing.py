"""The signature, held against a fixed vector and against the example in the docs."""

import re
from pathlib import Path

import pytest

from snapshotter.webhooks.signing import SIGNATURE, TIMESTAMP, new_secret, sign

DOCS = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"
# printf '1700000000.{"a": 1}' | openssl dgst -sha256 -hmac whsec_x
VECTOR = "v1=410bd17800d26cfe0697ff4947e0326bb0818bf04ad1bb5468a03d95afddeeab"


@pytest.fixture
def verify():
    """The Python example of the docs."""
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    names = {}
    exec(example, names)
    return names["verify"]


def test_a_fixed_vector():
    assert sign("whsec_x", 1_700_000_000, b'{"a": 1}') == VECTOR


def test_the_example_of_the_docs_takes_ours_and_nothing_else(verify):
    secret, body = new_secret(), '{"workflow": "每日"}'.encode()
    headers = {TIMESTAMP: "1700000000", SIGNATURE: sign(secret, 1_700_000_000, body)}
    assert verify(secret, headers, body, now=1_700_000_100)
    assert not verify(secret, headers, body + b" ", now=1_700_000_100)
    assert not verify(new_secret(), headers, body, now=1_700_000_100)
    assert not verify(secret, {**headers, TIMESTAMP: "1700000001"}, body, now=1_700_000_100)
    assert not verify(secret, headers, body, now=1_700_000_400)
    assert not verify(secret, headers, body)


def test_secrets_are_long_and_differ():
    assert len({new_secret() for _ in range(100)}) == 100
