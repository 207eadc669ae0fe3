"""Performance goals as ratios, each beside its anchor, measured in one run. `make bench`; nothing timed stands in the tests."""
