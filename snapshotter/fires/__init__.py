"""Fires of a schedule that the time off of a sync has swallowed: named, looked for among the runs, and started once where somebody asks."""
