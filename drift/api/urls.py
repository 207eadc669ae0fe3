"""Addresses of drift and its ways out, below /api/v1/."""

from django.urls import path

from drift.api import drift
from drift.api.rules import EndRuleView, RulesView

urlpatterns = [
    path("drift", drift.DriftList.as_view(), name="drift"),
    path("drift/<int:pk>", drift.DriftView.as_view(), name="drift-item"),
    path("drift/<int:pk>/acknowledge", drift.AcknowledgeView.as_view(), name="drift-acknowledge"),
    path("drift/<int:pk>/assign", drift.AssignView.as_view(), name="drift-assign"),
    path("drift/<int:pk>/mute", drift.MuteView.as_view(), name="drift-mute"),
    path("drift/<int:pk>/unmute", drift.UnmuteView.as_view(), name="drift-unmute"),
    path("drift/<int:pk>/adopt", drift.AdoptView.as_view(), name="drift-adopt"),
    path("drift/<int:pk>/put-back", drift.DriftPutBackView.as_view(), name="drift-put-back"),
    path("drift/<int:pk>/ignore", drift.IgnoreView.as_view(), name="drift-ignore"),
    path("ignore-rules", RulesView.as_view(), name="ignore-rules"),
    path("ignore-rules/<int:pk>/end", EndRuleView.as_view(), name="end-ignore-rule"),
]
