"""Addresses of the reading pages."""

from django.urls import path

from versions import views

app_name = "versions"
urlpatterns = [
    path("workflows/", views.workflows, name="workflows"),
    path("workflows/<str:key>/", views.workflow, name="workflow"),
    path("workflows/<str:key>/versions/<int:number>/", views.version, name="version"),
    path("workflows/<str:key>/versions/<int:number>/canonical.json", views.download, name="download"),
    path("workflows/<str:key>/diff/", views.diff, name="diff"),
    path("syncs/<int:sync_id>/", views.sync, name="sync"),
    path("syncs/<int:sync_id>/evidence.json", views.evidence, name="evidence"),
]
