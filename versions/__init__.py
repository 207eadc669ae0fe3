"""Reading: workflows, versions, comparison. Writes nothing.

Enters: a request from a signed-in person or service account. Leaves: pages and JSON.
`rollback`, `drift` and `operations` may import it.
"""
