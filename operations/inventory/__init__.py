"""Taking stock of a workflow: facts, coverage, risks, and how far back one can go with it."""
