"""How the simulator answers the operations of the tests."""

from llm.simulator import answers


@answers("support.name_items")
def name_items(variables: dict) -> dict:
    quote = variables["text"][:20]
    return {
        "items": [
            {"name": name, "score": 1 + len(name) % 15, "quote": quote}
            for name in variables["wanted"]
        ]
    }
