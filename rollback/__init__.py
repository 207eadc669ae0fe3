"""Rollback: asking, approving, executing. An earlier version is published again, as a new version, through the one pipeline.

Enters: a request from a person or service account. Leaves: rows, and syncs that snapshotter works on.
`drift` and `operations` may import it.
"""
