"""Addresses of rollback's pages."""

from django.urls import path

from rollback import inbox_views, policy_views, request_views, target_views

app_name = "rollback"
urlpatterns = [
    path("workflows/<str:key>/rollback/", target_views.rollback_page, name="rollback"),
    path("rollbacks/", inbox_views.inbox, name="inbox"),
    path("rollbacks/<int:pk>/", request_views.request_page, name="request"),
    path("rollbacks/<int:pk>/approve/", request_views.approve_page, name="approve"),
    path("rollbacks/<int:pk>/reject/", request_views.reject_page, name="reject"),
    path("rollbacks/<int:pk>/cancel/", request_views.cancel_page, name="cancel"),
    path("rollbacks/<int:pk>/execute/", request_views.execute_page, name="execute"),
    path("rollbacks/<int:pk>/break-glass/", request_views.glass_page, name="break-glass"),
    path("rollbacks/<int:pk>/review/", request_views.review_page, name="review"),
    path("projects/<int:pk>/rollback-policy/", policy_views.policy_page, name="policy"),
]
