"""The trail as a list. Nobody adds, changes or deletes here."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEntry

_COUNTED = 10_000
_SHORT = 90


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """Counts up to a bound: a million rows must not be counted for a page."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.values_list("pk")[: _COUNTED + 1])


admin.site.unregister(AuditEntry)  # auditlog's own list


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["timestamp", "event", "outcome", "actor_name", "target", "why"]
    list_filter = ["outcome"]
    search_fields = ["event", "actor_name", "target", "request_id"]
    fields = [
        *("timestamp", "event", "outcome", "actor_name", "remote_addr", "target", "scope", "reason"),
        *("changes", "additional_data", "request_id"),
    ]
    ordering = ["-id"]
    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50

    @admin.display(description=_("reason"))
    def why(self, entry: AuditEntry) -> str:
        """The reason, short enough for a list; the row's page has all of it, with project and request id."""
        return Truncator(entry.reason).chars(_SHORT)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return super().get_queryset(request).order_by("-id")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser or request.user.has_perm("audit.view_auditentry"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
