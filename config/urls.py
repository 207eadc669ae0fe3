"""All addresses of the service."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.error_pages import no_such_address
from config.health import healthz, readyz
from operations.metrics.views import metrics

api = [
    path("", include("versions.api.urls")),
    path("", include("snapshotter.api.urls")),
    path("", include("rollback.api.urls")),
    path("", include("drift.api.check_urls")),
    path("", include("drift.api.urls")),
    path("", include("operations.api.urls")),
    path("", include("rollback.api.many_urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include((api, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    re_path(r"^api/", no_such_address),  # before the admin, which asks strangers to sign in
    path("", include("catalog.sign_in.urls")),
    path("", include("catalog.urls")),
    path("", include("versions.urls")),
    path("", include("snapshotter.urls")),
    path("", include("rollback.urls")),
    path("", include("drift.urls")),
    path("", include("operations.urls")),
    path("", include("operations.alerts.urls")),
    path("", include("rollback.many.urls")),
    path("", admin.site.urls),
]

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.permission_denied"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"
