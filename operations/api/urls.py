"""Addresses of runs in the API, below /api/v1/."""

from django.urls import path

from operations.api import views

urlpatterns = [
    path("runs", views.RunsView.as_view(), name="runs"),
    path("runs/<int:run_id>", views.RunView.as_view(), name="run"),
    path("runs/<int:run_id>/cancel", views.CancelRunView.as_view(), name="cancel-run"),
    path("runs/<int:run_id>/resume", views.ResumeRunView.as_view(), name="resume-run"),
]
