"""Addresses of the sockets."""

from django.urls import path, re_path

from jobs import consumers

websocket_urlpatterns = [
    path("ws/jobs/", consumers.MyJobsConsumer.as_asgi()),
    path("ws/jobs/<int:pk>/", consumers.JobConsumer.as_asgi()),
    re_path("", consumers.UnknownConsumer.as_asgi()),
]
