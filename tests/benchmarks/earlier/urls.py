"""Our addresses, and the one that does it the earlier system's way."""

import json
import urllib.request

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

from synapse.urls import urlpatterns as ours


def call_in_request(request):
    """A model call inside the request and inside its transaction (do not do this)."""
    body = {"model": settings.LLM["MODEL"], "messages": [{"role": "user", "content": "?"}]}
    call = urllib.request.Request(  # noqa: S310  the simulator on loopback
        settings.LLM["BASE_URL"] + "/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer simulated"},
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_user")
        try:
            with urllib.request.urlopen(call, timeout=120) as answer:  # noqa: S310
                return HttpResponse(answer.read())
        except urllib.error.HTTPError as error:
            return HttpResponse(error.read())


urlpatterns = [path("earlier/", call_in_request), *ours]
