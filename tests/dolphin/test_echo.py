"""What DolphinScheduler says back is kept without secrets, however it quotes them."""

import json

import pytest

from dolphin.echo import MAX_CHARACTERS, readable

TOKEN = "c4n4ry-token"
SECRET = "c4n4ry-S3cret"


@pytest.mark.parametrize(
    "sent",
    [
        [{"taskParams": {"rawScript": f"mysql -u a -p{SECRET}"}}],
        [{"taskParams": json.dumps({"localParams": [{"prop": "password", "value": SECRET}]})}],
        [{"taskParams": {"password": SECRET}}],
    ],
)
def test_a_secret_of_the_form_is_hidden_even_alone(sent):
    form = {"name": "orders", "taskDefinitionJson": json.dumps(sent), "timeout": 0}
    said = readable(f"near '{SECRET}' at row 1, token {TOKEN} of orders", token=TOKEN, form=form)
    assert said == "near '******' at row 1, token ****** of orders"


def test_what_looks_like_a_secret_is_hidden_without_a_form():
    assert SECRET not in readable(f'bad {{\\"password\\":\\"{SECRET}\\"}}', token=TOKEN, form={})


def test_ordinary_words_stand_and_the_length_is_bounded():
    assert readable("task parameters of load are invalid", token="", form={"a": "password=x"}) == (
        "task parameters of load are invalid"
    )
    assert len(readable("x" * 9_000, token=TOKEN, form={})) == MAX_CHARACTERS
