"""Which tables a definition reads and writes, as far as that is certain. Pure, no Django, no network."""
