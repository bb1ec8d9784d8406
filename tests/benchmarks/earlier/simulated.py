"""How the simulator answers the benchmark's question."""

from llm.simulator import answers


@answers("earlier.ask")
def ask(variables: dict) -> dict:
    return {"number": variables["number"]}
