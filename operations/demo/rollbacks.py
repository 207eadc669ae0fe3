"""The demo's night on call: bad publishes and what people did about them, by the same verbs that the pages call."""

from typing import Final

from django.contrib.auth.models import User

from audit.actors import SYSTEM
from catalog.choices import Mode
from catalog.models import Project, Workflow
from operations.demo.changes import Say, edit, publish_change, to_its_end
from operations.demo.dolphin import ByHand
from operations.demo.workflows import COUPONS, FINANCE, SHOPS, settle_daily, settle_report
from rollback.approve import approve
from rollback.choices import Category
from rollback.execute import break_glass, execute
from rollback.models import RollbackRequest
from rollback.reject import reject
from rollback.set_policy import set_policy
from rollback.submit import Ask, submit
from snapshotter.capture import capture, govern
from snapshotter.choices import Trigger
from snapshotter.derive_lineage import derive_due
from snapshotter.make_snapshot import Origin
from snapshotter.models import Snapshot

APPROVERS: Final = "Snapshotter approvers"
_NEW_RATES: Final = "Take exchange rates from dim.rates_new"


def night(warehouse: Project, hand: ByHand, say: Say) -> None:
    """Tell it. `warehouse` needs no approval; `finance` wants one by a second person."""
    _roll_one_back(say)
    _make_finance(warehouse, hand, say)
    _ask_for_approval(say)
    _break_the_glass(say)
    _break_several(warehouse, hand, say)
    _delete(hand, [_make(warehouse, hand, COUPONS), _named("fx_rates")], say)
    derive_due(5.0)


def _roll_one_back(say: Say) -> None:
    users = _named("dim_users")
    publish_change(
        users, "Only active users", "li.na", edit("merge_dim", "sql", "ods.users", "ods.users where active = 1")
    )
    request = _ask(users, 1, "chen.jie", "Reports lost every user who was away for a month", "INC-2041")
    to_its_end(execute(request, actor=_person("chen.jie")))
    say("li.na published dim_users v2; chen.jie, on call, rolled it back to v1, and it was read back and equal")


def _make_finance(warehouse: Project, hand: ByHand, say: Say) -> None:
    code = hand.make_project("finance")
    finance = Project.objects.create(instance=warehouse.instance, code=code, name="finance", mode=Mode.PUBLISH)
    for workflow, row in zip(hand.make(code, FINANCE), FINANCE, strict=True):
        _govern(finance, workflow, row["name"])
    rules = {"approvals_needed": 1, "approver_groups": [APPROVERS], "same_author_minutes": 10, "review_hours": 48}
    set_policy(finance, rules, actor=_person("wang.wei"))
    say("took over a second project, finance, where a rollback needs one approval")


def _ask_for_approval(say: Say) -> None:
    invoices, payments = _named("invoices_daily"), _named("payments_import")
    publish_change(invoices, "New VAT rate", "li.na", edit("make_invoices", "rawScript", "--vat 13", "--vat 9"))
    _ask(invoices, 1, "chen.jie", "Invoices go out with 9 % VAT; it is 13 % until January", "INC-2044")
    publish_change(payments, "Fetch from the new bank gateway", "li.na", edit("fetch", "rawScript", "icbc", "icbc-gw2"))
    _ask(payments, 1, "chen.jie", "The new gateway is slow", "", Category.TOO_SLOW)
    reject(
        _newest(payments), actor=_person("liu.yang"), comment="The old gateway is switched off tonight. Call the bank."
    )
    say("chen.jie asked for two rollbacks in finance: one waits for liu.yang, who rejected the other")


def _break_the_glass(say: Say) -> None:
    ledger = _named("ledger_close")
    publish_change(ledger, "Close by hour", "li.na", edit("close", "rawScript", "--day", "--hour"))
    _ask(ledger, 1, "chen.jie", "The ledger was closed 24 times", "INC-2043", Category.WRONG_DATA)
    approve(_newest(ledger), actor=_person("liu.yang"), comment="Agreed with accounting")
    to_its_end(execute(_newest(ledger), actor=_person("chen.jie")))
    publish_change(ledger, "Close by hour, once more", "li.na", edit("close", "rawScript", "--day", "--hour --once"))
    _ask(ledger, 3, "ma.jun", "It closes 24 times again", "INC-2045", Category.WRONG_DATA)
    why = "No approver answers, the day closes at 06:00"
    to_its_end(break_glass(_newest(ledger), actor=_person("ma.jun"), reason=why))
    say(
        "ledger_close went back twice: approved by liu.yang, then by ma.jun, who broke the glass; that waits for a review"
    )


def _break_several(warehouse: Project, hand: ByHand, say: Say) -> None:
    """One publisher, three workflows: one runs another, the third waits."""
    shops = _make(warehouse, hand, SHOPS)
    daily = _make(warehouse, hand, settle_daily(shops.workflow_code or 0))
    report = _make(warehouse, hand, settle_report(warehouse.code, daily.workflow_code or 0))
    for workflow, task, field in (
        (report, "report", "rawScript"),
        (daily, "publish_totals", "rawScript"),
        (shops, "sum_shops", "sql"),
    ):
        publish_change(workflow, _NEW_RATES, "sun.hao", edit(task, field, "dim.rates", "dim.rates_new"))
    say("sun.hao moved three workflows to a table that is empty: nobody has brought them back yet")


def _delete(hand: ByHand, workflows: list[Workflow], say: Say) -> None:
    for workflow in workflows:
        hand.delete(workflow.project.code, workflow.workflow_code or 0)
        to_its_end(capture(workflow, origin=Origin(trigger=Trigger.CAPTURE, message="Look"), actor=SYSTEM))
    say("somebody deleted coupon_daily and fx_rates in DolphinScheduler; their versions are kept")


def _ask(
    workflow: Workflow,
    version: int,
    who: str,
    reason: str,
    ticket: str,
    category: Category = Category.BAD_PUBLISH,
) -> RollbackRequest:
    derive_due(5.0)  # who runs whom, which tables are read and written: the impact that people see
    target = Snapshot.objects.get(workflow=workflow, version=version)
    ask = Ask(workflow=workflow, target=target, reason=reason, ticket=ticket, category=category)
    return submit(ask, actor=_person(who))


def _make(project: Project, hand: ByHand, row: dict[str, object]) -> Workflow:
    """Create a workflow in DolphinScheduler and take its first version."""
    return _govern(project, hand.make(project.code, [row])[0], str(row["name"]))


def _govern(project: Project, code: int, name: str) -> Workflow:
    workflow = govern(project, workflow_code=code, name=name, actor=SYSTEM)
    to_its_end(capture(workflow, origin=Origin(trigger=Trigger.BASELINE, message="First look"), actor=SYSTEM))
    return workflow


def _named(name: str) -> Workflow:
    return Workflow.objects.select_related("project__instance", "state__published").get(name__startswith=name)


def _newest(workflow: Workflow) -> RollbackRequest:
    rows = RollbackRequest.objects.filter(workflow=workflow).select_related(
        "workflow__project__instance", "project__instance", "target", "requested_by"
    )
    return rows.latest("pk")


def _person(name: str) -> User:
    return User.objects.get(username=name)
