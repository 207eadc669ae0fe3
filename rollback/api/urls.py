"""Addresses of rollback's API, below /api/v1/."""

from django.urls import path

from rollback.api.impact import ImpactView

urlpatterns = [
    path("workflows/<str:key>/impact", ImpactView.as_view(), name="impact"),
]
