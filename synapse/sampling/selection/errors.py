"""What choosing records refuses."""

from synapse.common.errors import DomainError


class OptionsInvalid(DomainError):
    """`errors` names every option at fault."""

    code = "options_invalid"
    message = "These records can't be chosen: {reasons}."
    http_status = 422


class SizeOverPopulation(DomainError):
    code = "size_over_population"
    message = (
        "The sample of {size} is larger than the population of {population} records. "
        "Ask for at most {population}."
    )
    http_status = 422


class NothingScoped(DomainError):
    code = "nothing_scoped"
    message = "No attribute beside the keys is in scope, so no record can be chosen for one."


class ColumnsMissing(DomainError):
    """The population can't answer for what is in scope or identify its records."""

    code = "columns_missing"
    message = (
        "The population has no column {columns}. Match its columns to the attributes again, "
        "or take them out of scope."
    )
    http_status = 422


class PopulationEmpty(DomainError):
    code = "population_empty"
    message = "The population has no records to choose from."


class KeysUnknown(DomainError):
    code = "keys_unknown"
    message = (
        "{count} of the records to include are not in the population, first {first!r}. "
        "Name a record by its key values joined by | in the order of the key."
    )
    http_status = 422


class RuleUnknown(DomainError):
    code = "rule_unknown"
    message = (
        "The failures name rule {rule_id!r}, which is not among the rules given. "
        "Profile the population again with the approved rules."
    )


class SizeInvalid(DomainError):
    """A sample size or limit was asked for with figures that have no answer."""

    code = "size_invalid"
    message = "{reason}"
    http_status = 422
