"""A small server that answers as DolphinScheduler does, for the demo and for fast tests.

In: HTTP as DolphinScheduler's clients speak it. Out: its answers, with the traps seen on real servers. Imported by: the demo command and tests only; it
imports nothing of the product, so that a mistake there cannot hide here.
"""

from dolphin.sandbox.server import Sandbox

__all__ = ["Sandbox"]
