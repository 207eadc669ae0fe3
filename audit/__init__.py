"""The trail: who did what to what, when, why and with which outcome. Knows nobody above it.

Enters: an event with its actor and target. Leaves: one row that is never changed, and one log line.
Anybody may import it.
"""
