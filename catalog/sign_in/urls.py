"""By the names mozilla-django-oidc looks for."""

from django.urls import path

from catalog.sign_in import views

urlpatterns = [
    path("oidc/authenticate/", views.begin, name="oidc_authentication_init"),
    path("oidc/callback/", views.end, name="oidc_authentication_callback"),
]
