"""The address of checking now, below /api/v1/."""

from django.urls import path

from drift.api.check import CheckView

urlpatterns = [path("workflows/<str:key>/check", CheckView.as_view(), name="check")]
