"""Figures of a period: counted from rows that are there anyway, never kept. Reads only."""
