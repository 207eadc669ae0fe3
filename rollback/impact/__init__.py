"""What a rollback would meet and break: one part a module, findings with stable codes, and `impact.py` that asks them all. Reads only."""
