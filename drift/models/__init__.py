from drift.models.item import DriftItem
from drift.models.mark import InspectionMark
from drift.models.rule import IgnoreRule
from drift.models.run import InspectionRun

__all__ = ["DriftItem", "IgnoreRule", "InspectionMark", "InspectionRun"]
