"""Addresses of the writing API, below /api/v1/."""

from django.urls import path

from snapshotter.api import acts, gates, lost
from snapshotter.api.drafts import ConfirmView, DraftView, FailView
from snapshotter.api.views import CaptureView, PublishView, SyncView

urlpatterns = [
    path("workflows/<str:key>/publish", PublishView.as_view(), name="publish"),
    path("workflows/<str:key>/capture", CaptureView.as_view(), name="capture"),
    path("workflows/<str:key>/put-back", acts.PutBackView.as_view(), name="put-back"),
    path("workflows/<str:key>/unlock", acts.UnlockView.as_view(), name="unlock"),
    path("workflows/<str:key>/restore", lost.RestoreView.as_view(), name="restore"),
    path("workflows/<str:key>/rebind", lost.RebindView.as_view(), name="rebind"),
    path("snapshots/<int:snapshot_id>/retry", acts.RetryView.as_view(), name="retry"),
    path("workflows/<str:key>/snapshots", DraftView.as_view(), name="draft"),
    path("snapshots/<int:snapshot_id>/confirm", ConfirmView.as_view(), name="confirm"),
    path("snapshots/<int:snapshot_id>/fail", FailView.as_view(), name="fail"),
    path("syncs/<int:sync_id>", SyncView.as_view(), name="sync"),
    path("syncs/<int:sync_id>/cancel", acts.CancelView.as_view(), name="cancel"),
    path("syncs/<int:sync_id>/resume", acts.ResumeView.as_view(), name="resume"),
    path("syncs/<int:sync_id>/give-up", acts.GiveUpView.as_view(), name="give-up"),
    path("missed-fires/<int:fire_id>/start", acts.StartFireView.as_view(), name="start-fire"),
    path("freezes", gates.FreezesView.as_view(), name="freezes"),
    path("freezes/<int:pk>/lift", gates.LiftFreezeView.as_view(), name="lift-freeze"),
    path("quarantines", gates.QuarantineList.as_view(), name="quarantines"),
    path("quarantines/<int:pk>/lift", gates.LiftQuarantineView.as_view(), name="lift-quarantine"),
    path("snapshots/<int:snapshot_id>/quarantine", gates.QuarantineView.as_view(), name="quarantine"),
]
