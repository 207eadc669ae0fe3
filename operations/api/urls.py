"""Addresses of runs and reports in the API, below /api/v1/."""

from django.urls import path

from operations.api import views
from operations.reports.api import ReportView

urlpatterns = [
    path("runs", views.RunsView.as_view(), name="runs"),
    path("runs/<int:run_id>", views.RunView.as_view(), name="run"),
    path("runs/<int:run_id>/cancel", views.CancelRunView.as_view(), name="cancel-run"),
    path("runs/<int:run_id>/resume", views.ResumeRunView.as_view(), name="resume-run"),
    path("reports/<str:period>", ReportView.as_view(), name="report"),
]
