"""Addresses of the alert pages."""

from django.urls import path

from operations.alerts import channel_views, views

app_name = "alerts"
urlpatterns = [
    path("operations/alerts/", views.deliveries, name="deliveries"),
    path("operations/alerts/<int:pk>/", views.delivery, name="delivery"),
    path("operations/alerts/<int:pk>/again/", views.again, name="again"),
    path("operations/alerts/rules/", views.rules, name="rules"),
    path("operations/alerts/rules/<int:pk>/", views.rule, name="rule"),
    path("operations/alerts/rules/<int:pk>/end/", views.end, name="end-rule"),
    path("operations/alerts/channels/", channel_views.channels, name="channels"),
    path("operations/alerts/channels/<int:pk>/", channel_views.channel, name="channel"),
    path("operations/alerts/channels/<int:pk>/test/", channel_views.test, name="test-channel"),
    path("operations/alerts/channels/<int:pk>/end/", channel_views.end, name="end-channel"),
]
