"""Figures for Prometheus, read from the database, so that they are right with many processes."""
