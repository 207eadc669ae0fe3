"""A small server that answers as DolphinScheduler does, for the demo and for fast tests.

Enters: HTTP as DolphinScheduler's clients speak it. Leaves: its answers, with the traps seen on real servers.
The demo command and tests import it; it imports nothing of the product, so that a mistake there can't hide here.
"""

from dolphin.sandbox.server import Sandbox

__all__ = ["Sandbox"]
