"""What the admin's own pages refuse is an audit row, as it is everywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from audit.record import record_refusal


class RefusalsKept(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """`refused` is the event. The row is written outside the transaction of the page."""

    refused = ""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **more: Any) -> Any:
        with self._kept(request, object_id):
            return super().changeform_view(request, object_id, *args, **more)

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **more: Any) -> Any:
        with self._kept(request, object_id):
            return super().delete_view(request, object_id, *args, **more)

    @contextmanager
    def _kept(self, request: HttpRequest, object_id: str | None) -> Iterator[None]:
        try:
            yield
        except PermissionDenied:
            found = self.get_object(request, object_id) if object_id else None
            target = found or ContentType.objects.get_for_model(self.model)
            reason = f"may not {request.method} {request.path}"[:255]
            record_refusal(self.refused, actor=request.user, target=target, reason=reason)  # type: ignore[arg-type]
            raise
