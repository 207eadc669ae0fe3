"""The trail as a list. Nobody adds, changes or deletes here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from audit.changelists import QuickList
from audit.models import AuditEntry
from audit.search import called

_SHORT = 90

admin.site.unregister(AuditEntry)  # auditlog's own list


@admin.register(AuditEntry)
class AuditEntryAdmin(QuickList):
    keyset = ("-timestamp", "-id")  # each filter has an index of it and the time
    list_display = ["timestamp", "event", "outcome", "actor_name", "target", "why"]
    list_filter = ["outcome", "timestamp"]
    search_fields = ["event", "actor_name", "target", "request_id"]  # for the box; `called` does it
    search_help_text = _(
        "A whole event, person, object or request id finds all its entries; a part of one is looked for in the latest 10,000."
    )
    fields = [
        *("timestamp", "event", "outcome", "actor_name", "remote_addr", "target", "scope", "reason"),
        *("changes", "additional_data", "request_id"),
    ]

    @admin.display(description=_("reason"))
    def why(self, entry: AuditEntry) -> str:
        """The reason, short enough for a list; the row's page has all of it, with project and request id."""
        return Truncator(entry.reason).chars(_SHORT)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """Look in a million rows by indexes only."""
        return (called(queryset, search_term.strip()) if search_term.strip() else queryset), False

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
