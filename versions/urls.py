"""Addresses of the reading pages."""

from django.urls import path, re_path

from versions import change_views, diff_views, secret_views, sync_views, trail_views, version_views, views

app_name = "versions"
urlpatterns = [
    path("workflows/", views.workflows, name="workflows"),
    path("workflows/<str:key>/", views.workflow, name="workflow"),
    path("workflows/<str:key>/since/<str:name>/", change_views.since, name="since"),
    path("changes/", change_views.changes, name="changes"),
    path("workflows/<str:key>/versions/<int:number>/", version_views.version, name="version"),
    path("workflows/<str:key>/versions/<int:number>/canonical.json", version_views.download, name="download"),
    path("workflows/<str:key>/versions/<int:number>/dolphinscheduler.json", version_views.payload, name="payload"),
    path("workflows/<str:key>/versions/<int:number>/tasks/<int:code>.json", version_views.task, name="task"),
    path("workflows/<str:key>/versions/<int:number>/secrets/", secret_views.secrets, name="secrets"),
    path("workflows/<str:key>/diff/", diff_views.diff, name="diff"),
    path("workflows/<str:key>/diff/export/", diff_views.download, name="export"),
    path("trail/", trail_views.trail, name="trail"),
    path("trail/verify/", trail_views.verify, name="trail-verify"),
    re_path(r"^trail/export\.(?P<form>csv|jsonl)$", trail_views.download, name="trail-export"),
    path("trail/<int:pk>/", trail_views.entry, name="trail-entry"),
    path("workflows/<str:key>/history/", trail_views.workflow_history, name="workflow-history"),
    path("workflows/<str:key>/versions/<int:number>/history/", trail_views.version_history, name="version-history"),
    path("projects/<int:pk>/history/", trail_views.project_history, name="project-history"),
    path("syncs/<int:sync_id>/", sync_views.sync, name="sync"),
    path("syncs/<int:sync_id>/evidence.json", sync_views.evidence, name="evidence"),
]
