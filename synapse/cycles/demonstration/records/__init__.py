"""Made-up FR Y-14M D.1 records: correlated, right by construction, then spoiled with labels."""

from synapse.cycles.demonstration.records.making import make_records
from synapse.cycles.demonstration.records.planting import KINDS, Label, plant
from synapse.cycles.demonstration.records.writing import write_labels, write_records

__all__ = ["KINDS", "Label", "make_records", "plant", "write_labels", "write_records"]
