"""Addresses of drift's pages."""

from django.urls import path

from drift import act_views, views
from drift.rules import views as rule_views

app_name = "drift"
urlpatterns = [
    path("drift/", views.drift_list, name="list"),
    path("drift/<int:pk>/", views.item_page, name="item"),
    path("drift/<int:pk>/acknowledge/", act_views.acknowledge_page, name="acknowledge"),
    path("drift/<int:pk>/assign/", act_views.assign_page, name="assign"),
    path("drift/<int:pk>/mute/", act_views.mute_page, name="mute"),
    path("drift/<int:pk>/unmute/", act_views.unmute_page, name="unmute"),
    path("drift/<int:pk>/adopt/", act_views.adopt_page, name="adopt"),
    path("drift/<int:pk>/ignore/", act_views.ignore_page, name="ignore"),
    path("workflows/<str:key>/check/", act_views.check_page, name="check"),
    path("ignored-fields/", rule_views.rules, name="rules"),
    path("ignored-fields/<int:pk>/end/", rule_views.end_page, name="end-rule"),
]
