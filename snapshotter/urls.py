"""Addresses of the writing pages."""

from django.urls import path

from snapshotter import views
from snapshotter.gates import views as gate_views
from snapshotter.lost import views as restore_views
from snapshotter.webhooks import views as webhook_views

app_name = "snapshotter"
urlpatterns = [
    path("projects/<int:pk>/workflows/", views.project_workflows, name="project-workflows"),
    path("workflows/<str:key>/publish/", views.publish_page, name="publish"),
    path("workflows/<str:key>/capture/", views.capture_page, name="capture"),
    path("workflows/<str:key>/put-back/", views.put_back_page, name="put-back"),
    path("workflows/<str:key>/unlock/", views.unlock_page, name="unlock"),
    path("workflows/<str:key>/restore/", restore_views.restore_page, name="restore"),
    path("workflows/<str:key>/rebind/", restore_views.rebind_page, name="rebind"),
    path("workflows/<str:key>/versions/<int:number>/retry/", views.retry_page, name="retry"),
    path("syncs/<int:sync_id>/cancel/", views.cancel_page, name="cancel"),
    path("syncs/<int:sync_id>/resume/", views.resume_page, name="resume"),
    path("syncs/<int:sync_id>/give-up/", views.give_up_page, name="give-up"),
    path("projects/<int:pk>/webhooks/", webhook_views.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhook_views.webhook, name="webhook"),
    path("webhooks/<int:pk>/approve/", webhook_views.approve, name="approve-webhook"),
    path("webhooks/<int:pk>/test/", webhook_views.test, name="test-webhook"),
    path("webhooks/<int:pk>/end/", webhook_views.end, name="end-webhook"),
    path("freezes/", gate_views.freezes, name="freezes"),
    path("freezes/<int:pk>/end/", gate_views.end_freeze, name="end-freeze"),
    path("snapshots/<int:snapshot_id>/quarantine/", gate_views.quarantine_version, name="quarantine"),
    path("snapshots/<int:snapshot_id>/quarantine/<int:pk>/lift/", gate_views.lift_quarantine, name="lift-quarantine"),
    path("missed-fires/<int:pk>/start/", views.start_fire_page, name="start-fire"),
]
