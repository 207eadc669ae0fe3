import pytest

from operations.inventory.ranges import ranges


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([1], "1"), ([3, 1, 2, 2], "1–3"), ([1, 2, 4, 7, 8], "1–2, 4, 7–8")]
)
def test_ranges(numbers, text):
    assert ranges(numbers) == text
