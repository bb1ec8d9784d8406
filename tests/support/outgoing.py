"""What the operations of the tests may send."""

from llm.outgoing import allow

allow("support.name_items", wanted=[str], text=str)
allow("support.prompt", a=int)
