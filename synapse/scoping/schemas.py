"""The shape of the model's answer when it judges attributes."""

from pydantic import BaseModel, ConfigDict, Field

POINTS = "whole number from 1 (hardly) to 15 (very much)"


class Judgement(BaseModel):
    """One attribute. We check ranges and quotes one by one, so one slip spoils no batch."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(description="the attribute's id, as it was given")
    regulatory_impact: int = Field(description=POINTS)
    data_complexity: int = Field(description=POINTS)
    common_errors: int = Field(description=POINTS)
    downstream_dependencies: int = Field(description=POINTS)
    rationale: str = Field(description="two or three plain sentences on what drives the points")
    quote: str = Field(
        description="the passage of the attribute's name, description, format or allowed values "
        "that the rationale rests on, copied character by character"
    )


class Judgements(BaseModel):
    """One judgement for each attribute that was asked for, and for no other."""

    model_config = ConfigDict(extra="forbid")

    judgements: list[Judgement]
