"""Addresses of the writing pages."""

from django.urls import path

from snapshotter import views

app_name = "snapshotter"
urlpatterns = [
    path("projects/<int:pk>/workflows/", views.project_workflows, name="project-workflows"),
    path("workflows/<str:key>/publish/", views.publish_page, name="publish"),
    path("workflows/<str:key>/capture/", views.capture_page, name="capture"),
    path("missed-fires/<int:pk>/start/", views.start_fire_page, name="start-fire"),
]
