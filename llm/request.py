"""What is asked of the model: messages, parameters, schema, and the key that identifies it all."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel

from llm.conf import Conf
from llm.errors import PromptInvalid, PromptTooLong
from llm.prompts import Prompt
from llm.schema import schema_hash, strict_schema


@dataclass(frozen=True)
class Links:
    """Whose call it is; ids only."""

    job_id: int | None = None
    item_key: str = ""
    owner_id: int | None = None

    @property
    def holder(self) -> str:
        """Who asks, if that is one item of a job and so can't ask twice at a time."""
        return f"{self.job_id}:{self.item_key}" if self.job_id and self.item_key else ""


@dataclass(frozen=True)
class Request:
    """A rendered prompt with its schema, for one model."""

    prompt: Prompt
    messages: list[dict]
    schema: type[BaseModel]
    conf: Conf
    data_owner: str = ""  # whose data the variables hold: answers don't cross to another's
    items: int | None = None  # things asked about, for what an answer takes of each
    masked: bool = False  # whether the variables held what may not leave

    @property
    def operation(self) -> str:
        return self.prompt.operation

    @property
    def schema_name(self) -> str:
        """Providers allow letters, digits, _ and - here."""
        return self.operation.replace(".", "__")[:64]

    @property
    def schema_hash(self) -> str:
        return schema_hash(self.schema)

    @property
    def output_limit(self) -> int:
        """Tokens the answer may have: as the prompt says, or fewer where the model can't."""
        wanted = self.prompt.max_output_tokens
        return min(wanted, self.conf.output_tokens) if self.conf.output_tokens else wanted

    @cached_property
    def parameters(self) -> dict:
        """Everything that shapes the answer beside the messages."""
        limit = self.output_limit
        if self.conf.dialect == "reasoning":
            return {"structured": self.conf.structured, "max_completion_tokens": limit}
        parameters = {"structured": self.conf.structured, "max_tokens": limit}
        if self.prompt.temperature is not None:
            parameters["temperature"] = self.prompt.temperature
        return parameters

    @cached_property
    def key(self) -> str:
        """The same for requests that must get the same answer."""
        parts = [
            self.data_owner,
            self.conf.base_url,
            self.conf.model,
            self.parameters,
            self.prompt.version,
            self.prompt.hash,
            self.schema_hash,
            self.messages,
        ]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def most_tokens(self, messages: list[dict]) -> int:
        """Tokens that asking this may use at most: the output limit and, estimated, the rest.

        Three bytes a token is more than tokenizers make of English; schemas are text too.
        """
        text = json.dumps([messages, strict_schema(self.schema)], ensure_ascii=False)
        return self.output_limit + len(text.encode()) // 3

    def body(self, messages: list[dict]) -> dict:
        """Arguments of the SDK's call."""
        body = {key: value for key, value in self.parameters.items() if key != "structured"}
        body |= {"model": self.conf.model, "messages": messages}
        if self.conf.structured == "json_schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": self.schema_name,
                    "strict": True,
                    "schema": strict_schema(self.schema),
                },
            }
        elif self.conf.structured == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body


def build(
    prompt: Prompt,
    variables: dict,
    schema: type[BaseModel],
    conf: Conf,
    data_owner: str = "",
    items: int | None = None,
    *,
    masked: bool = False,
) -> Request:
    """Renders the prompt; raises PromptInvalid or PromptTooLong before anything is sent."""
    if prompt.schema != schema.__name__:
        problem = f"it is made for answers of {prompt.schema}, not {schema.__name__}"
        raise PromptInvalid(operation=prompt.operation, problem=problem)
    request = Request(prompt, prompt.render(variables), schema, conf, data_owner, items, masked)
    if conf.structured != "json_schema":
        # The endpoint can't be told the schema, so the model is.
        system = request.messages[0]
        schema_text = json.dumps(strict_schema(schema), ensure_ascii=False)
        system["content"] += (
            f"\n\nAnswer with one JSON object and nothing else. It must fit this JSON schema, "
            f"named {request.schema_name}:\n{schema_text}"
        )
    needed = request.most_tokens(request.messages)
    if conf.context_tokens and needed > conf.context_tokens:
        reason = (
            f"about {needed:,} tokens with its answer, and {conf.model} has {conf.context_tokens:,}"
        )
        raise PromptTooLong(operation=prompt.operation, reason=reason)
    return request
