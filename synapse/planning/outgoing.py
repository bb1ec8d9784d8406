"""What planning may send to a model: the text of an uploaded specification and where it stands."""

from llm.outgoing import allow

allow("planning.draft_attributes", place=str, text=str)
