"""The API's callers serve the tests of what stands behind it, too."""

from tests.api.conftest import api, good_body

__all__ = ["api", "good_body"]
