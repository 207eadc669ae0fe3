"""The API's callers, and publishes, serve the tests of what stands behind them, too."""

from tests.api.conftest import api, good_body
from tests.snapshotter.conftest import request_publish, run_publish

__all__ = ["api", "good_body", "request_publish", "run_publish"]
