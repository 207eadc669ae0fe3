"""Addresses of the writing API, below /api/v1/."""

from django.urls import path

from snapshotter.api.views import CaptureView, PublishView, StartFireView, SyncView

urlpatterns = [
    path("workflows/<str:key>/publish", PublishView.as_view(), name="publish"),
    path("workflows/<str:key>/capture", CaptureView.as_view(), name="capture"),
    path("syncs/<int:sync_id>", SyncView.as_view(), name="sync"),
    path("missed-fires/<int:fire_id>/start", StartFireView.as_view(), name="start-fire"),
]
