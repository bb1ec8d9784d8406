"""What sampling refuses."""

from synapse.common.errors import DomainError, Stale


class NotDraft(DomainError):
    code = "not_draft"
    stops_job = True
    message = "Version {number} of the samples is {status}. Only a draft can be changed."


class ScopeMissing(DomainError):
    code = "scope_missing"
    message = "No scope of this report is approved yet. Samples are drawn for an approved scope."


class PopulationMissing(DomainError):
    code = "population_missing"
    message = (
        "This report has no imported population. Upload one in profiling and import it, then draw."
    )


class KeysUnmatched(DomainError):
    code = "keys_unmatched"
    message = (
        "The population {population} has no column for the key {keys}, so its records can't be "
        "told apart. Match the key's columns in profiling."
    )


class NothingInPopulation(DomainError):
    code = "scope_not_in_population"
    message = (
        "None of the attributes in scope has a column in the population {population}: {names}."
    )


class ProfileMissing(DomainError):
    code = "profile_missing"
    message = (
        "Sampling by risk needs a finished profile of the population {population}. "
        "Profile it first, or draw at random."
    )


class ScopeSuperseded(DomainError):
    code = "scope_superseded"
    message = (
        "These samples were drawn for version {read} of the scope, and version {current} is "
        "approved now. Draw again."
    )


class PopulationReplaced(DomainError):
    code = "population_replaced"
    message = (
        "These samples were drawn from {read}, and {current} is the population now. Draw again."
    )


class GroundMoved(DomainError):
    """Something that the draw stands on changed while it was under way."""

    code = "ground_moved"
    stops_job = True
    message = "{what} changed while the samples were drawn, so nothing was stored. Draw again."


class DrawnAlready(DomainError):
    code = "drawn_already"
    message = (
        "This draft holds {count} drawn samples, {decided} of them decided. Confirm that a new "
        "draw replaces them; decisions on records that are drawn again stay."
    )


class NothingDrawn(DomainError):
    code = "nothing_drawn"
    message = "No samples yet. Draw them, or add records by hand, before you submit."


class Undecided(DomainError):
    code = "undecided"
    message = "{count} samples are undecided. Decide every sample before you submit."


class NothingApproved(DomainError):
    code = "nothing_approved"
    message = "Every sample is decided out. At least one has to be in."


class NothingSelected(DomainError):
    code = "nothing_selected"
    message = "No sample is selected."
    http_status = 422


class UnknownSamples(DomainError):
    code = "unknown_samples"
    message = "{count} of the samples named are not in this version."
    http_status = 422


class RecordRefused(DomainError):
    """The record that a person named can't join the samples; `field` is what named it."""

    stops_job = True
    http_status = 422

    def __init__(self, *, field: str, **details) -> None:
        super().__init__(**details)
        self.errors = [{"pointer": f"/{field}", "code": self.code, "detail": self.message}]


class RecordUnknown(RecordRefused):
    code = "record_unknown"
    message = "The population {population} has no record {what}."


class RecordRejected(RecordRefused):
    code = "record_rejected"
    message = "Record {record_no} was not imported into {population}: {reason}"


class RecordAmbiguous(RecordRefused):
    code = "record_ambiguous"
    message = "The key {key} is on {count} records ({numbers}). Name one by its record number."


class RecordTwice(RecordRefused):
    code = "record_twice"
    message = "Record {record_no} with the key {key} is among the samples already."
    http_status = 409


class SamplesMoved(Stale):
    """A draw put the samples on another population or key while a record was named."""

    stops_job = True
    message = (
        "The samples are of another population now, {current}, where the same number or key may "
        "be another record. Look again, and name it there."
    )


class NotManual(DomainError):
    code = "not_manual"
    message = "Record {record_no} was drawn. Only records added by hand are removed; decide it out."
