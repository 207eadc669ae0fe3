"""Addresses of rollbacks of many in the API, below /api/v1/."""

from django.urls import path

from rollback.api import many

urlpatterns = [
    path("rollback-batches", many.BatchList.as_view(), name="rollback-batches"),
    path("rollback-batches/<int:pk>", many.BatchView.as_view(), name="rollback-batch"),
    path("rollback-batches/<int:pk>/approve", many.ApproveManyView.as_view(), name="rollback-batch-approve"),
    path("rollback-batches/<int:pk>/execute", many.ExecuteManyView.as_view(), name="rollback-batch-execute"),
    path("rollback-batches/<int:pk>/again", many.AgainView.as_view(), name="rollback-batch-again"),
    path("rollback-batches/<int:pk>/cancel", many.CancelManyView.as_view(), name="rollback-batch-cancel"),
]
