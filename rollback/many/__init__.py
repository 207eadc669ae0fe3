"""Rollback of many: everything a publisher, a time window or a text changed goes back, each workflow by a request of its own.

Enters: criteria from a person. Leaves: a batch with an item a workflow; a worker asks for each rollback and, once told to, executes them,
children first. Rows are the truth: a worker that dies loses nothing and doubles nothing.
"""
