from tests.snapshotter.conftest import request_publish, run_publish  # noqa: F401  publishes to look at
