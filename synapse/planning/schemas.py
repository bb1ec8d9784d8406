"""The shape of the model's answer when it drafts attributes from a text."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class DraftedCode(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(description="the code as it is written in the text")
    meaning: str = Field(description="what the text says it means; empty if it doesn't say")


class DraftedAttribute(BaseModel):
    """One field that the text defines. Everything is taken from the text; unknown is empty."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="the field's name, word for word as in the text")
    line: str = Field(description="its number in the text; empty if it has none")
    technical_name: str = Field(description="its technical or short name; empty if none is given")
    item_code: str = Field(description="its item code (such as MDRM); empty if none is given")
    format: str = Field(description="type, length and format as the text words them")
    data_type: Literal["string", "integer", "decimal", "date", "boolean", ""]
    requirement: Literal["mandatory", "conditional", "optional", ""]
    description: str = Field(description="what to report, in the words of the text, shortened")
    allowed_values: list[DraftedCode] = Field(description="the codes the text lists for it")
    quote: str = Field(
        description="a passage copied character by character from the text that defines the field, "
        "beginning with its name or heading, at most 300 characters"
    )


class DraftedAttributes(BaseModel):
    """The fields that one part of a specification defines; none is a right answer too."""

    model_config = ConfigDict(extra="forbid")

    attributes: list[DraftedAttribute]
