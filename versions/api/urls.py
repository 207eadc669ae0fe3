"""Addresses of the reading API, below /api/v1/."""

from django.urls import path

from versions.api import views
from versions.api.lineage import LineageView
from versions.api.trail import TrailView

urlpatterns = [
    path("audit", TrailView.as_view(), name="audit"),
    path("workflows", views.WorkflowList.as_view(), name="workflows"),
    path("workflows/<str:key>", views.WorkflowDetail.as_view(), name="workflow"),
    path("workflows/<str:key>/versions", views.VersionList.as_view(), name="versions"),
    path("workflows/<str:key>/versions/<str:version>", views.VersionDetail.as_view(), name="version"),
    path("workflows/<str:key>/versions/<str:version>/lineage", LineageView.as_view(), name="version-lineage"),
    path("workflows/<str:key>/missed-fires", views.MissedFireList.as_view(), name="missed-fires"),
    path("workflows/<str:key>/diff", views.DiffView.as_view(), name="diff"),
    path("snapshots", views.SnapshotList.as_view(), name="snapshots"),
    path("snapshots/<int:snapshot_id>", views.SnapshotById.as_view(), name="snapshot"),
]
