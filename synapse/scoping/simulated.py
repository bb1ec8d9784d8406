"""How the simulator judges attributes: by the rules of estimation, from the request alone."""

from llm.simulator import answers
from synapse.scoping.estimation import estimate_all
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.scoring import COMPONENTS


@answers("scoping.judge")
def judge(variables: dict) -> dict:
    asked = [AttributeFacts.from_dict(each) for each in variables["attributes"]]
    return {
        "judgements": [
            {
                "id": id_,
                **{name: getattr(each.components, name) for name in COMPONENTS},
                "rationale": each.rationale.replace("Estimated by rule from", "Simulated, from"),
            }
            for id_, each in estimate_all(asked).items()
        ]
    }
