"""Fields that may differ from what was published: named for a reason, ended, and what either means for what stands."""
