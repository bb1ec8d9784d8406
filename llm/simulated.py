"""How the simulator answers this app's own operation."""

from llm.simulator import answers


@answers("llm.health")
def health(variables: dict) -> dict:
    return {"total": sum(variables["numbers"])}
