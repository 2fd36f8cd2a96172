"""blindbook: private contact discovery, for messengers and apps in Python.

A client asks which of its contacts subscribe, and the messenger does not learn who they are:

    import blindbook
    client = blindbook.Client(invitation, key, state)
    for number in numbers:          # E.164, all of them, before anything is fetched
        client.add(number)
    result = blindbook.discover(client, token, blindbook.Http(client.service_url), save)

The library is libblindbook.so.0, found by the system's loader or at $BLINDBOOK_LIBRARY. Nothing is compiled.
"""

from blindbook._library import library as _loaded
from blindbook.allowance import Allowance, AllowancePolicy
from blindbook.client import Client, Match, Need, Refusal, Result, new_key
from blindbook.discovery import Transport, discover
from blindbook.errors import ApiMisuse, BadInput, Error, PeerMisbehaved, Spent, Unavailable
from blindbook.server import Directory, Evaluation, Server, open_key_file
from blindbook.tokens import Tokens, mint_token, token_public_key
from blindbook.transport import Http

__version__: str = _loaded.bb_version().decode()

__all__ = [
    "Allowance", "AllowancePolicy", "ApiMisuse", "BadInput", "Client", "Directory", "Error", "Evaluation", "Http",
    "Match", "Need", "PeerMisbehaved", "Refusal", "Result", "Server", "Spent", "Tokens", "Transport", "Unavailable",
    "discover", "mint_token", "new_key", "open_key_file", "token_public_key",
]
