"""Addresses of the pages of rollbacks of many."""

from django.urls import path

from rollback.many import views

app_name = "rollback-many"
urlpatterns = [
    path("rollbacks/many/", views.start, name="start"),
    path("rollbacks/many/<int:pk>/", views.batch, name="batch"),
    path("rollbacks/many/<int:pk>/act/", views.act, name="act"),
]
