"""Loads, when it is imported, all that a process would else load during its first call.

The SDK imports most of itself, and of the HTTP library below it, at first use: a tenth of a second
of computing while eight calls wait. Meant for `PRELOAD` of the workers, which then fork.
"""

import asyncio

from llm import client, provider  # noqa: F401  the client itself is loaded, too
from llm.conf import Conf

# Nothing listens at port 0, and a number needs no thread to look it up.
NOWHERE = Conf(base_url="http://127.0.0.1:0/v1", model="none", connect_timeout=1, timeout=1)

asyncio.run(provider.send("llm.warming", {"model": "none", "messages": []}, NOWHERE))
