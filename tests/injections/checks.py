"""What holds of every call, whatever was planted in its texts."""

import re
import unicodedata

from llm import fences, prompts
from llm.simulator import replies

CLOSING = re.compile(r"<\s*/\s*data\b", re.IGNORECASE)


def require_only_the_model(reached: list, model) -> None:
    port = int(model.base_url.split(":")[2].split("/")[0])
    assert set(reached) <= {
        ("socket.connect", ("127.0.0.1", port)),
        ("socket.getaddrinfo", "127.0.0.1"),
        ("subprocess.Popen", "uname"),  # the SDK tells the provider what system it runs on
    }


def require_prompts_as_reviewed(model) -> None:
    """The system's part is the template's; each variable stands in a fence that is closed once."""
    for request in model.requests:
        prompt = prompts.load(replies.operation_of(request))
        system, user = request["messages"][:2]
        assert system == {"role": "system", "content": f"{prompt.system}\n\n{prompts.DATA_RULE}"}
        plain = unicodedata.normalize("NFKC", user["content"])
        plain = "".join(each for each in plain if unicodedata.category(each) != "Cf")
        assert len(CLOSING.findall(plain)) == len(prompt.slots)
        assert set(fences.read(user["content"])) == prompt.slots
