from urllib.parse import urlencode

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from dolphin.form_body import form_body

FORMS = st.dictionaries(st.text(), st.text() | st.integers(), max_size=4)


@given(FORMS)
def test_a_form_is_encoded_as_urlencode_does(form):
    assert form_body(form) == urlencode(form).encode()


def test_every_character_of_a_byte_and_some_of_more():
    text = "".join(map(chr, range(256))) + "%25+%2B 发布 😀"
    assert form_body({text: text, "": 0}) == urlencode({text: text, "": 0}).encode()


def test_a_lone_surrogate_is_no_text():
    with pytest.raises(UnicodeEncodeError):
        form_body({"name": "\ud800"})


def test_none_is_left_out_as_requests_does():
    form = {"a": 1, "environmentCode": None, "b": "", "c": "None"}
    assert form_body(form) == requests.Request("POST", "http://x.test", data=form).prepare().body.encode()
    assert b"environmentCode" not in form_body(form)
