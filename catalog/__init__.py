"""Which DolphinScheduler instances, projects and workflows are governed, in what mode, and who may do what.

Enters: an operator's choices. Leaves: rows and permission answers.
`snapshotter` and everything above it may import it.
"""
