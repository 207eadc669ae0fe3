"""Webhooks of a project: told how a sync ended. A message is a row of the transaction that ends it; a sender of its own sends it."""
