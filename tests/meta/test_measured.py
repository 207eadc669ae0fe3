"""Every page that lists stands in the load test, or is said to be no list."""

from tests.bench.addresses import forgotten
from tests.bench.lists import pages


def test_no_address_is_forgotten_by_the_load_test():
    assert forgotten(pages()) == [], "add it to tests/bench/lists.py, or to _NOT_LISTS in tests/bench/addresses.py"
