import copy

from definitions.canonical import canonicalise
from definitions.recode import Aliases
from dolphin.flavours import FLAVOURS
from dolphin.forms import definition_form
from dolphin.payloads import read_any
from tests.definitions.documents import c1


def test_a_document_is_not_changed_by_what_is_made_of_it():
    """A sync reads its document once, and judges, compares and writes the same one."""
    body = c1({101: "echo a", 102: "echo b"})
    sub = body["definitions"]["tasks"]["102"]
    sub |= {"taskType": "SUB_WORKFLOW", "taskParams": {"workflowDefinitionCode": 77}}
    document = canonicalise(read_any(body)).document
    before = copy.deepcopy(document)
    aliases = Aliases.of({999: 101}, origin_workflow=77).at(78)
    for flavour in FLAVOURS.values():
        definition_form(aliases.to_present(document), flavour=flavour, live=None)
    canonicalise(document)
    assert document == before
