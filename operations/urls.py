"""Addresses of inventory and runs."""

from django.urls import path, re_path

from operations import views

app_name = "operations"
urlpatterns = [
    path("projects/<int:pk>/inventory/", views.project_inventory, name="project-inventory"),
    path("projects/<int:pk>/runs/", views.start_for_project, name="start-for-project"),
    path("instances/<int:pk>/inventory/", views.instance_inventory, name="instance-inventory"),
    path("instances/<int:pk>/runs/", views.start_for_instance, name="start-for-instance"),
    path("runs/<int:run_id>/", views.run_page, name="run"),
    path("runs/<int:run_id>/act/", views.act, name="act"),
    re_path(r"^runs/(?P<run_id>\d+)/export\.(?P<form>csv|md)$", views.export, name="export"),
]
