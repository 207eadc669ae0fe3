"""Pages, files, command and API of reports: shown to those who may, nothing written, escaped, bounded, safe in a spreadsheet."""

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from guardian.shortcuts import assign_perm

from audit.models import AuditEntry
from operations.choices import RunKind
from operations.reports import words
from operations.reports.files import TABLES
from snapshotter.models import Snapshot
from tests.api.conftest import api  # noqa: F401  a fixture
from tests.operations.reports.conftest import moved
from tests.operations.test_views import see  # noqa: F401  a fixture

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def marked(publishes, make, do, raw, project, elsewhere):
    """A publisher and a workflow with names for trouble."""
    moved(Snapshot.objects.filter(workflow=_key(), version=1).get(), published_by=f"=1+1 {MARKUP}")
    raw.release(project.code, make(f"@sum {MARKUP}"), "ONLINE")
    return do(RunKind.INVENTORY)


def _key():
    return "orders"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page(language, marked, see, viewer, client, period):  # noqa: F811
    client.cookies["django_language"] = language
    see("/healthz", viewer)
    before = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/operations/reports/?period={period.name}")
    text = page.content.decode()
    assert page.status_code == 200 and MARKUP not in text and "style=" not in text.replace("<style", "")
    assert ("发布" in text) == (language == "zh-hans") and "secret plans" not in text
    assert len(queries) <= 60 and AuditEntry.objects.count() == before
    assert page.context["report"].numbers["publishes_accepted"] == 6
    for _name, _title, cards in page.context["groups"]:
        for card in cards:
            assert str(card.definition) in text.replace("&#x27;", "'"), card.name


def test_the_rows_of_a_figure_are_listed(marked, see, root, client, period):  # noqa: F811
    page = see(f"/operations/reports/?period={period.name}", root)
    addresses = [card.address for _n, _t, cards in page.context["groups"] for card in cards if card.address]
    assert len(addresses) > 15
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not answer.context.get("problems"), address
    (failed,) = [address for address in addresses if "status=failed" in address]
    numbers = page.context["report"].numbers
    listed = client.get(failed).context["listed"]
    assert listed.count == numbers["publishes_failed"] + numbers["publishes_cancelled"]
    (written,) = [a for a in addresses if a.startswith("/changes/") and "status" not in a]
    assert client.get(written).context["listed"].count == numbers["snapshots_written"]


def test_a_list_of_changes_ends_with_a_day(history, see, root, period, elsewhere):  # noqa: F811
    rows = list(Snapshot.objects.order_by("pk"))
    moved(rows[0], created_at=period.until)

    def count(query):
        return see(f"/changes/?since={period.first}&{query}", root).context["listed"].count

    assert count("") == 5
    assert count(f"until={period.last}") == 4
    assert count(f"until={period.last}&project={elsewhere.pk}") == 2
    assert count("until=2026-02-30") == count("until=nonsense") == 5
    assert count(f"project={'9' * 30}") == 5


def test_periods_of_the_address(see, viewer, history, client, period):  # noqa: F811
    def shown(query):
        page = client.get(f"/operations/reports/?{query}")
        return page.context["period"].name, page.context["problem"]

    see("/healthz", viewer)
    assert shown(f"first={period.first}&last={period.last}") == (period.name, "")
    assert shown("period=2026-Q1") == ("2026-Q1", "")
    name, problem = shown("period=2026-Q7")
    assert name == shown("")[0] and "2026-Q4" in problem
    assert "ends before" in shown(f"first={period.last}&last={period.first}")[1]
    assert client.get("/operations/reports/days.csv?period=2026-Q7").status_code == 400
    assert client.get("/operations/reports/nothing.csv").status_code == 404


def test_who_may_not(see, outsider, viewer, elsewhere, history, client, period):  # noqa: F811
    paths = ("/operations/reports/", "/operations/reports/figures.csv", "/operations/reports/coverage/")
    for path in paths:
        assert see(f"{path}?project={elsewhere.pk}", viewer).status_code == 404
        assert see(f"{path}?project=nonsense", viewer).status_code == 404
        assert see(f"{path}?project={elsewhere.pk}", outsider).status_code == 404
    page = see(f"/operations/reports/?period={period.name}", outsider)
    assert page.context["report"].is_empty and b"Nothing was published" in page.content
    client.logout()
    assert [client.get(path).status_code for path in paths] == [302, 302, 302]


def test_files_open_safely(marked, see, viewer, root, client, period):  # noqa: F811
    for table in TABLES:
        answer = see(f"/operations/reports/{table}.csv?period={period.name}", viewer)
        assert "attachment" in answer["Content-Disposition"] and answer["Content-Type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")], table
    publishers = client.get(f"/operations/reports/publishers.csv?period={period.name}").content.decode("utf-8-sig")
    assert {row["publisher"] for row in csv.DictReader(io.StringIO(publishers))} == {
        "publisher",
        f"'=1+1 {MARKUP}",
        "'=cmd|' /C calc'!A0",
    }
    figures = client.get(f"/operations/reports/figures.csv?period={period.name}").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(figures)))) == len(words.WORDS) + 1
    rows = see("/operations/reports/coverage/rows.csv", root).content.decode("utf-8-sig")
    assert [row["workflow"] for row in csv.DictReader(io.StringIO(rows))] == [f"'@sum {MARKUP}"]


def test_the_coverage_page(marked, see, viewer, root, client):  # noqa: F811
    page = see("/operations/reports/coverage/", viewer)
    assert [row.item.name for row in page.context["rows"]] == [f"@sum {MARKUP}"]
    assert MARKUP not in page.content.decode()
    addresses = [
        card.address for _n, _t, cards in see("/operations/reports/", root).context["groups"] for card in cards
    ]
    assert "/operations/reports/coverage/" in addresses


def test_before_the_first_inventory(see, viewer):  # noqa: F811
    assert b"No inventory has been taken yet" in see("/operations/reports/coverage/", viewer).content


def test_the_api(marked, api, project, elsewhere, period):  # noqa: F811
    found = api("get", f"reports/{period.name}").json()
    assert found["figures"]["publishes_accepted"] == {"value": 6, "previous": 0, "unit": "count"}
    assert found["figures"].keys() == words.WORDS.keys()
    assert len(found["days"]) == 5 and found["period"]["name"] == period.name
    assert api("get", f"reports/{period.name}?project={project.code}").json()["projects"] == found["projects"]
    assert api("get", f"reports/{period.name}?instance=sandbox").json()["publishers"] == found["publishers"]
    statuses = {
        "reports/2026-Q7": 400,
        "reports/2026-Q4?project=x": 400,
        f"reports/2026-Q4?project={'9' * 40}": 400,
        f"reports/2026-Q4?project={project.code}&instance=sandbox": 400,
        "reports/2026-Q4?nothing=1": 400,
        f"reports/2026-Q4?project={elsewhere.code}": 404,
        "reports/2026-Q4?instance=nowhere": 404,
    }
    assert {path: api("get", path).status_code for path in statuses} == statuses
    assert api("get", "reports/2026-Q7").json()["code"] == "invalid_period"
    assert api("get", "reports/2026-Q4", as_="").status_code == 401
    assert api("get", "reports/2026-Q4?instance=sandbox", as_="outsider").status_code == 404
    assert api("post", "reports/2026-Q4", body={}).status_code == 405


def test_the_command(marked, project, period, capsys):
    call_command("report", period.name, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert found["figures"]["publishes_accepted"]["value"] == 8, "the other project's too"
    call_command("report", period.name, "--project", project.scope)
    text = capsys.readouterr().out
    assert "Publishes: 6  (+6)" in text and "Failed at" in text and "Success rate: 80.0 %" in text
    call_command("report", period.name, "--project", str(project.code), "--format", "csv", "--table", "publishers")
    assert capsys.readouterr().out.startswith("publisher,Publishes,")
    for wrong in (["2026-Q7"], [period.name, "--project", "nowhere"], [period.name, "--project", "9" * 40]):
        with pytest.raises(CommandError) as error:
            call_command("report", *wrong)
        assert error.value.returncode == 2


def test_the_trail_is_linked_for_its_readers_alone(marked, see, viewer, period):  # noqa: F811
    def trails():
        page = see(f"/operations/reports/?period={period.name}", viewer)
        cards = [card for _n, _t, several in page.context["groups"] for card in several]
        return [
            card.address for card in cards if card.address and resolve(urlsplit(card.address).path).url_name == "trail"
        ]

    assert not trails()
    assign_perm("audit.view_auditentry", viewer)
    viewer.refresh_from_db()
    assert len(trails()) > 5
    assert {"publish.duplicate"} <= {parse_qs(urlsplit(address).query)["event"][0] for address in trails()}
