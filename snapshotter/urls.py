"""Addresses of the writing pages."""

from django.urls import path

from snapshotter import views

app_name = "snapshotter"
urlpatterns = [
    path("projects/<int:pk>/workflows/", views.project_workflows, name="project-workflows"),
    path("workflows/<str:key>/publish/", views.publish_page, name="publish"),
    path("workflows/<str:key>/capture/", views.capture_page, name="capture"),
    path("workflows/<str:key>/put-back/", views.put_back_page, name="put-back"),
    path("workflows/<str:key>/versions/<int:number>/retry/", views.retry_page, name="retry"),
    path("syncs/<int:sync_id>/cancel/", views.cancel_page, name="cancel"),
    path("syncs/<int:sync_id>/resume/", views.resume_page, name="resume"),
    path("syncs/<int:sync_id>/give-up/", views.give_up_page, name="give-up"),
    path("missed-fires/<int:pk>/start/", views.start_fire_page, name="start-fire"),
]
