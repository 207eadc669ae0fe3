"""What the service does about rollbacks by itself, again and again: close what is void, and what was left behind."""

from rollback.follow_due import follow_due
from rollback.void import void_due


def sweep() -> int:
    """Do what is due; return how much was done. Safe to run by several at once."""
    return void_due() + follow_due()
