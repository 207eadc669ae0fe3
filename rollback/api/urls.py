"""Addresses of rollback's API, below /api/v1/."""

from django.urls import path

from rollback.api import views
from rollback.api.impact import ImpactView
from rollback.api.policy import PolicyView

urlpatterns = [
    path("workflows/<str:key>/impact", ImpactView.as_view(), name="impact"),
    path("workflows/<str:key>/rollbacks", views.AskView.as_view(), name="rollback"),
    path("rollbacks", views.RollbackList.as_view(), name="rollbacks"),
    path("rollbacks/<int:pk>", views.RollbackView.as_view(), name="rollback-request"),
    path("rollbacks/<int:pk>/approve", views.ApproveView.as_view(), name="rollback-approve"),
    path("rollbacks/<int:pk>/reject", views.RejectView.as_view(), name="rollback-reject"),
    path("rollbacks/<int:pk>/cancel", views.CancelView.as_view(), name="rollback-cancel"),
    path("rollbacks/<int:pk>/execute", views.ExecuteView.as_view(), name="rollback-execute"),
    path("rollbacks/<int:pk>/review", views.ReviewView.as_view(), name="rollback-review"),
    path("projects/<int:code>/rollback-policy", PolicyView.as_view(), name="rollback-policy"),
]
