"""Addresses of the catalogue's own pages."""

from django.urls import path

from catalog import views, who_views

app_name = "catalog"
urlpatterns = [
    path("instances/<int:pk>/test/", views.test_instance, name="test-instance"),
    path("instances/<int:pk>/govern/", views.govern, name="govern"),
    path("projects/<int:pk>/who/", who_views.who, name="who"),
    path("projects/<int:pk>/service-accounts/", views.service_accounts, name="service-accounts"),
    path("projects/<int:pk>/service-accounts/<str:digest>/rotate/", views.rotate, name="rotate"),
    path("projects/<int:pk>/service-accounts/<str:digest>/revoke/", views.revoke, name="revoke"),
]
