"""The `openai` provider: chat completions with a strict JSON schema, on OpenAI or any server that speaks its wire."""

from __future__ import annotations

import openai
from openai import DefaultAioHttpClient
from openai.types.chat import ChatCompletion

from hydrateall.core.settings import Settings
from hydrateall.llm.errors import ModelError, ModelMisconfigured, ModelRefused
from hydrateall.llm.schemas import ModelReply, ModelRequest

FIXED_TEMPERATURE = ("gpt-5", "o1", "o3", "o4")  # these families refuse any temperature but their own


class OpenAIChat:
    """A client for one task; close it at the end. Keys and prices are checked before the first call."""

    sample = False

    def __init__(self, settings: Settings) -> None:
        key = settings.openai_api_key.get_secret_value()
        if not key:
            raise ModelMisconfigured(
                "The model provider is openai, but there is no key.",
                "Set HYDRATEALL_OPENAI_API_KEY, or HYDRATEALL_MODEL_PROVIDER=offline for sample content.",
            )
        self.name = settings.openai_model
        self._temperature = openai.omit if settings.openai_model.startswith(FIXED_TEMPERATURE) else settings.temperature
        self._client = openai.AsyncOpenAI(
            api_key=key,
            base_url=settings.openai_base_url,
            timeout=settings.openai_timeout_seconds,
            max_retries=0,
            http_client=DefaultAioHttpClient(),
        )

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer one request. Retries are the job engine's: an attempt here is one HTTP request."""
        try:
            completion = await self._client.chat.completions.create(
                model=self.name,
                messages=[
                    {"role": "system", "content": request.prompt.system},
                    {"role": "user", "content": request.prompt.user},
                ],
                response_format={
                    "type": "json_schema",
                    "json_schema": {
                        "name": request.schema_name,
                        "schema": request.json_schema,
                        "strict": True,
                    },
                },
                temperature=self._temperature,
                max_completion_tokens=request.max_output_tokens,
            )
        except (openai.AuthenticationError, openai.PermissionDeniedError):
            raise ModelMisconfigured(
                "The model server refused the key.", "Correct HYDRATEALL_OPENAI_API_KEY, then resume the job."
            ) from None
        except openai.NotFoundError:
            raise ModelMisconfigured(
                f"The model server knows no model {self.name!r}.",
                "Correct HYDRATEALL_OPENAI_MODEL or HYDRATEALL_OPENAI_BASE_URL, then resume the job.",
            ) from None
        except openai.APIStatusError as error:
            raise ModelError(f"The model server answered with status {error.status_code}.") from None
        except openai.APIConnectionError as error:
            raise ModelError(f"The model server did not answer: {error}") from None
        except ValueError:  # JSON was announced, and something else came
            raise _not_a_completion() from None
        return _reply(completion)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()


def _not_a_completion() -> ModelError:
    return ModelError("The model server's answer is no chat completion.", "Check HYDRATEALL_OPENAI_BASE_URL.")


def _reply(completion: object) -> ModelReply:
    """Read the answer; a page of a proxy or of a wrong address arrives here too, as text or without choices."""
    if not isinstance(completion, ChatCompletion) or not completion.choices:
        raise _not_a_completion()
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ModelRefused(f"The model refused: {choice.message.refusal}")
    if choice.finish_reason == "length":
        raise ModelRefused("The model's answer was cut off at the output limit.")
    if choice.finish_reason == "content_filter" or not choice.message.content:
        raise ModelRefused("The model's answer was withheld by a content filter.")
    usage = completion.usage
    details = usage.prompt_tokens_details if usage else None
    return ModelReply(
        text=choice.message.content,
        model=completion.model,
        prompt_tokens=usage.prompt_tokens if usage else 0,
        completion_tokens=usage.completion_tokens if usage else 0,
        cached_tokens=(details.cached_tokens or 0) if details else 0,
    )
