"""Put back: what was published is brought back over what was found, by a request with the rules, bounds and proof of a rollback."""

from dataclasses import dataclass

from audit.actors import Actor
from catalog.permissions import PUT_BACK, may
from drift.errors import ItemClosed
from drift.models import DriftItem
from rollback.choices import Act, Category, State
from rollback.errors import SeenMoved
from rollback.execute import execute
from rollback.models import RollbackRequest
from rollback.one_look import OneLook
from rollback.submit import Ask, submit


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """As `rollback.submit.Ask` has them. `seen`: the item's `found` that the person looked at, "" for whatever it says now."""

    reason: str
    category: Category = Category.EDITED
    ticket: str = ""
    acknowledged: tuple[str, ...] = ()
    override_freeze: str = ""
    wait_for_runs: bool = False
    seen: str = ""


def put_back(item: DriftItem, order: Order, *, actor: Actor) -> RollbackRequest:
    """Ask for it, and execute it where nobody must approve. Its end closes the item (`drift/follow.py`).

    Raises as `submit` and `execute`, and ItemClosed, SeenMoved; what was asked for stands where executing it is refused.
    """
    item.refresh_from_db(fields=["state", "found"])
    if not item.is_standing:
        raise ItemClosed(state=item.state)
    if order.seen not in ("", item.found):
        raise SeenMoved
    look = OneLook(item.workflow)
    asked = submit(_ask(item, order), actor=actor, look=look)
    if asked.state == State.APPROVED and may(actor, PUT_BACK, asked.project):
        execute(asked, actor=actor, look=look)
    return asked


def _ask(item: DriftItem, order: Order) -> Ask:
    return Ask(
        workflow=item.workflow,
        target=item.published,
        act=Act.PUT_BACK,
        reason=order.reason,
        category=order.category,
        ticket=order.ticket,
        acknowledged=order.acknowledged,
        override_freeze=order.override_freeze,
        wait_for_runs=order.wait_for_runs,
    )
