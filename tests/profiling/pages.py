"""What tests of pages share."""

import html

from django.urls import reverse

from tests.factories.profiling import RECORDS

WITH_BAD_ROWS = RECORDS + "0006,1,1,too,many\n0007\n"


def url(name, of, *args) -> str:
    return reverse(f"profiling:{name}", args=[of.pk, *args])


def text_of(reply) -> str:
    """The page as people read it."""
    return html.unescape(reply.content.decode())
