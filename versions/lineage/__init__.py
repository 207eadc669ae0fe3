"""Which tables a version reads and writes, as pages show it."""
