"""Publishes that a platform does with its own calls: the draft holds the workflow, its confirm is read back and judged, or time ends it."""
