"""Addresses of the writing pages."""

from django.urls import path

from snapshotter import gate_views, views

app_name = "snapshotter"
urlpatterns = [
    path("projects/<int:pk>/workflows/", views.project_workflows, name="project-workflows"),
    path("workflows/<str:key>/publish/", views.publish_page, name="publish"),
    path("workflows/<str:key>/capture/", views.capture_page, name="capture"),
    path("freezes/", gate_views.freezes, name="freezes"),
    path("freezes/<int:pk>/end/", gate_views.end_freeze, name="end-freeze"),
    path("snapshots/<int:snapshot_id>/quarantine/", gate_views.quarantine_version, name="quarantine"),
    path("snapshots/<int:snapshot_id>/quarantine/<int:pk>/lift/", gate_views.lift_quarantine, name="lift-quarantine"),
]
