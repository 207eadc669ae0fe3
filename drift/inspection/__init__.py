"""Inspection: each instance in its turn, from afar first, whole only where something moved. Of DolphinScheduler it only reads."""
