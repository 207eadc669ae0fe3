"""The files for Prometheus and Grafana: judged by Prometheus' own program, and against the metrics that there are."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
RULES, RULES_TEST = DEPLOY / "prometheus" / "rules.yml", DEPLOY / "prometheus" / "rules_test.yml"
DASHBOARD = json.loads((DEPLOY / "grafana" / "snapshotter.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel["targets"]]
promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="needs promtool, of Debian's package prometheus")


def judge(*arguments: str, text: str | None = None) -> str:
    done = subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def metrics_in(text):
    """Return the families named; a histogram's lines stand for it."""
    names = set(re.findall(r"\bsnapshotter_[a-z_]+\b", text))
    return {re.sub(r"^(snapshotter_\w+_seconds)_(bucket|sum|count)$", r"\1", name) for name in names}


@promtool
def test_the_metrics_are_prometheus_text(client, run_publish, make_definition, counted, scrape):
    run_publish(make_definition())
    counted()
    assert judge("check", "metrics", text=scrape().text) == ""  # no complaint about names, units or help either


@promtool
def test_the_rules_are_sound():
    assert "SUCCESS" in judge("check", "rules", str(RULES))


@promtool
def test_every_alert_fires_where_it_should_and_nowhere_else():
    assert "SUCCESS" in judge("test", "rules", str(RULES_TEST))


def test_every_alert_is_tried():
    alerts = set(re.findall(r"- alert: (\w+)", RULES.read_text()))
    assert len(alerts) > 20
    assert alerts == set(re.findall(r"- name: (Snapshotter\w+)", RULES_TEST.read_text()))


@promtool
def test_every_expression_of_the_dashboard_is_one(tmp_path):
    rules = [
        {"record": f"x:{number}", "expr": re.sub(r"\$\w+", "x", expression)}
        for number, expression in enumerate(EXPRESSIONS)
    ]
    path = tmp_path / "rules.yml"
    path.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))  # JSON is YAML
    assert f"{len(rules)} rules found" in judge("check", "rules", str(path))


@pytest.mark.parametrize("text", [RULES.read_text(), RULES_TEST.read_text(), "\n".join(EXPRESSIONS)])
def test_only_metrics_that_there_are(db, scrape, text):
    assert metrics_in(text)
    assert not metrics_in(text) - scrape().families


def test_every_metric_is_documented(db, scrape):
    text = (DEPLOY.parent / "docs" / "metrics.md").read_text()
    assert not {name for name in scrape().families if f"`{name}`" not in text}
    assert not metrics_in(text) - scrape().families


def test_the_dashboard_holds_together():
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids)) and DASHBOARD["uid"] == "snapshotter"
    variables = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert set(re.findall(r"\$(\w+)", "\n".join(EXPRESSIONS))) <= variables
    taken = [(cell, panel["title"]) for panel in DASHBOARD["panels"] for cell in cells(panel["gridPos"])]
    assert len({cell for cell, _ in taken}) == len(taken), "panels lie over each other"
    assert all(panel["description"] and panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in PANELS)


def cells(at):
    return [(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
