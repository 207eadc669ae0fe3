"""Lists of the admin that stay quick at a million rows: pages by keyset, bounded counts, no order but the index's."""

from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.keyset import AFTER, BEFORE, Listed, listed

PAGE: Final = 50


class KeysetChangeList(ChangeList):
    """The admin's list; `after` and `before` in the address say where its page begins."""

    pages: Listed[Any]

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """They are no filters, and a new search begins at its first page."""
        for name in (AFTER, BEFORE):
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        quick: Any = self.model_admin
        self.pages = listed(request.GET, self.queryset, by=quick.keyset, size=self.list_per_page)
        self.result_list = self.pages.rows  # a list does where it is only looped over
        # What is chosen on a page is acted on, never "all": how many that would be is not counted. Ours shows the count.
        self.result_count = self.full_result_count = len(self.pages)
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.pages)
        self.can_show_all = self.multi_page = False
        self.paginator = None  # its numbers would need a count


class QuickList(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """`keyset` is the order, unique and by an index.

    `list_select_related = ()`: a join to a key that is never null lets MariaDB sort all rows for one page; name what a row shows in
    `list_prefetch`. No facets and no full count, which read the whole table.
    """

    keyset: tuple[str, ...] = ("pk",)
    list_prefetch: tuple[str, ...] = ()
    list_per_page = PAGE
    list_select_related = ()
    sortable_by = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.prefetch_related(*self.list_prefetch) if self.list_prefetch else rows
