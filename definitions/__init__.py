"""The workflow definition as a document: canonical form, hashes, comparison, secrets.

Enters: parsed JSON. Leaves: bytes, hashes and typed changes. Pure functions: no Django, no network, no clock.
Everything may import it.
"""
