"""Workflows that are gone from DolphinScheduler: where they are, who names them still, made anew as a version had them, or bound anew."""
