"""The admin's lists of people and sign-ins, made quick: other packages' own ones count, sort and group whole tables."""

from axes.admin import AccessAttemptAdmin, AccessFailureLogAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from audit.changelists import QuickList

for _model in (User, AccessAttempt, AccessLog, AccessFailureLog):
    admin.site.unregister(_model)


class SignInList(QuickList):
    """Newest first; found by the whole name or address, which have an index."""

    keyset = ("-id",)
    list_filter = ()
    date_hierarchy = None
    search_fields = ("=username", "=ip_address")


@admin.register(User)
class PeopleAdmin(QuickList, UserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    keyset = ("username",)
    list_filter = ("is_active", "is_staff", "is_superuser")


@admin.register(AccessAttempt)
class AttemptsAdmin(SignInList, AccessAttemptAdmin):
    pass


@admin.register(AccessLog)
class SignInsAdmin(SignInList, AccessLogAdmin):
    pass


@admin.register(AccessFailureLog)
class FailuresAdmin(SignInList, AccessFailureLogAdmin):
    pass
