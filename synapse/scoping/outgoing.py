"""What scoping may send to a model: what a plan says of attributes, never a value of a record."""

from llm.outgoing import allow

allow(
    "scoping.judge",
    report={"name": str, "regulation": str, "schedule": str, "frequency": str},
    attributes=[
        {
            "id": str,
            "name": str,
            "technical_name": str,
            "line": str,
            "item_code": str,
            "format": str,
            "data_type": str,
            "requirement": str,
            "description": str,
            "allowed_values": [str],
        }
    ],
    problems=(str, [str]),
)
