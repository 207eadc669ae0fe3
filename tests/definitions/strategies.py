"""Workflows as hypothesis draws them: few codes, names and values, so that two of them often share and often differ."""

from hypothesis import strategies as st

from definitions.canonical import Canonical, canonicalise
from definitions.document import Document

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.just(2**70)
    | st.sampled_from([0.0, 1.0, -0.0, 1.5])
    | st.sampled_from(["", "a", "b", "1", "line\nline"])
)
KEYS = st.sampled_from(["a", "b", "a.b", "prop", "value", "timeout", ""])
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
PARAMETERS = st.lists(
    st.fixed_dictionaries(
        {"prop": st.sampled_from(["p", "q", "r", "db.password"]), "value": SCALARS}, optional={"direct": SCALARS}
    ),
    max_size=4,
)
TASKS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["extract", "load", "check"]),
        "taskType": st.sampled_from(["SHELL", "SQL"]),
        "taskParams": st.dictionaries(KEYS, TREES, max_size=3),
    },
    optional={
        "flag": st.sampled_from(["YES", "NO", None]),
        "failRetryTimes": st.sampled_from([0, 1, "3", 1.5, None]),
        "description": st.sampled_from(["", "text", None]),
        "isCache": st.sampled_from(["NO", "YES"]),
        "newer.field": TREES,
    },
)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "globalParams": PARAMETERS | TREES,
        "timeout": st.sampled_from([0, 30, "30", None]),
        "executionType": st.sampled_from(["PARALLEL", "SERIAL_WAIT", None]),
        "value": SCALARS,
        "unknown": TREES,
    },
)
CODES = st.sampled_from([1, 2, 3, 4])
EDGES = st.lists(
    st.fixed_dictionaries(
        {"preTaskCode": st.sampled_from([0, 1, 2]), "postTaskCode": CODES},
        optional={
            "conditionType": st.sampled_from(["NONE", "JUDGE", "DELAY"]),
            "conditionParams": TREES,
            "name": SCALARS,
        },
    ),
    max_size=6,
)
SCHEDULES = st.none() | st.fixed_dictionaries(
    {
        "crontab": st.sampled_from(["0 0 1 * * ? *", "0 0 2 * * ? *"]),
        "timezoneId": st.sampled_from(["UTC", "Asia/Shanghai"]),
    },
    optional={"failureStrategy": st.sampled_from(["CONTINUE", "END"]), "warningGroupId": SCALARS},
)
LAYOUTS = st.none() | st.dictionaries(
    CODES, st.fixed_dictionaries({"x": st.integers(0, 2), "y": st.just(1) | st.just(1.5)})
)


@st.composite
def canonicals(draw: st.DrawFn) -> Canonical:
    """Draw what DolphinScheduler may hold, loose tasks and doubled edges included."""
    document = Document(
        name=draw(st.sampled_from(["orders", "orders 2"])),
        settings=draw(SETTINGS),
        tasks=draw(st.dictionaries(CODES, TASKS, max_size=4)),
        relations=draw(EDGES),
        layout=draw(LAYOUTS),
        schedule=draw(SCHEDULES),
    )
    return canonicalise(document, check=False)
