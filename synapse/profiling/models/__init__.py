"""What profiling keeps: populations, rules and profiles, a module each."""

from synapse.profiling.models.populations import (
    Population,
    PopulationPart,
    RejectedRow,
    UploadPart,
)

__all__ = ["Population", "PopulationPart", "RejectedRow", "UploadPart"]
