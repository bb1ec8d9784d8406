"""How the simulator judges attributes: by the rules of estimation, from the request alone."""

import re

from llm.simulator import answers
from synapse.scoping.estimation import estimate_all
from synapse.scoping.facts import AttributeFacts
from synapse.scoping.scoring import COMPONENTS

LONGEST_QUOTE = 160
SENTENCE = re.compile(rf".{{20,{LONGEST_QUOTE}}}?[.;](?=\s|$)", re.DOTALL)


@answers("scoping.judge")
def judge(variables: dict) -> dict:
    asked = [AttributeFacts.from_dict(each) for each in variables["attributes"]]
    quotes = {each.id: _quote(each) for each in asked}
    return {
        "judgements": [
            {
                "id": id_,
                **{name: getattr(each.components, name) for name in COMPONENTS},
                "rationale": each.rationale.replace("Estimated by rule from", "Simulated, from"),
                "quote": quotes[id_],
            }
            for id_, each in estimate_all(asked).items()
        ]
    }


def _quote(attribute: AttributeFacts) -> str:
    """The first sentence of the most telling text, or its beginning to the end of a word."""
    text = next(filter(None, map(str.strip, attribute.texts.values())), "")
    sentence = SENTENCE.match(text)
    if sentence:
        return sentence[0]
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(None, 1)[0]
