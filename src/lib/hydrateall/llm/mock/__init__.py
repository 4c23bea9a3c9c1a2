"""The mock model server: OpenAI's wire over real HTTP, answered by the offline writer, with a ledger of what it billed.

It is the oracle of the tests (what was asked, when, and what it cost) and the way to try the client without a key.
"""

from hydrateall.llm.mock.routes import create_app
from hydrateall.llm.mock.server import serve
from hydrateall.llm.mock.settings import MockSettings

__all__ = ["MockSettings", "create_app", "serve"]
