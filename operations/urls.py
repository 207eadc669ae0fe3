"""Addresses of inventory and runs."""

from django.urls import path, re_path

from operations import views
from operations.reports import views as report_views

app_name = "operations"
urlpatterns = [
    path("projects/<int:pk>/inventory/", views.project_inventory, name="project-inventory"),
    path("projects/<int:pk>/runs/", views.start_for_project, name="start-for-project"),
    path("instances/<int:pk>/inventory/", views.instance_inventory, name="instance-inventory"),
    path("instances/<int:pk>/runs/", views.start_for_instance, name="start-for-instance"),
    path("runs/<int:run_id>/", views.run_page, name="run"),
    path("runs/<int:run_id>/act/", views.act, name="act"),
    re_path(r"^runs/(?P<run_id>\d+)/export\.(?P<form>csv|md)$", views.export, name="export"),
    path("operations/reports/", report_views.reports, name="reports"),
    re_path(r"^operations/reports/(?P<table>[a-z]+)\.csv$", report_views.download, name="report-file"),
    path("operations/reports/coverage/", report_views.coverage_page, name="coverage"),
    path("operations/reports/coverage/rows.csv", report_views.coverage_file, name="coverage-file"),
]
