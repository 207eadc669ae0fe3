"""A comparison as a file."""
