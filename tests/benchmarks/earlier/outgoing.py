"""What the measured operation may send."""

from llm.outgoing import allow

allow("earlier.ask", number=int)
