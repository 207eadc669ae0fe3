"""All that is known about DolphinScheduler's HTTP API, and the planner. No Django model; usable on its own.

Enters: a base URL, a token, and what is wanted. Leaves: definitions as documents, and one careful call at a time.
`catalog` and everything above may import it.
"""
