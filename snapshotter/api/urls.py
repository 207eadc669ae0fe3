"""Addresses of the writing API, below /api/v1/."""

from django.urls import path

from snapshotter.api.drafts import ConfirmView, DraftView, FailView
from snapshotter.api.views import CaptureView, PublishView, SyncView

urlpatterns = [
    path("workflows/<str:key>/publish", PublishView.as_view(), name="publish"),
    path("workflows/<str:key>/capture", CaptureView.as_view(), name="capture"),
    path("workflows/<str:key>/snapshots", DraftView.as_view(), name="draft"),
    path("snapshots/<int:snapshot_id>/confirm", ConfirmView.as_view(), name="confirm"),
    path("snapshots/<int:snapshot_id>/fail", FailView.as_view(), name="fail"),
    path("syncs/<int:sync_id>", SyncView.as_view(), name="sync"),
]
