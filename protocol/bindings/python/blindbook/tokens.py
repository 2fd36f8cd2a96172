"""Access tokens: docs/spec/token.md."""

from __future__ import annotations

from ctypes import byref

from blindbook import _arguments as arguments
from blindbook._arguments import Buffer
from blindbook._functions import KEY_BYTES, TokenRequest
from blindbook._handle import Handle
from blindbook._library import call, fixed_from, text_from, texts_from

PUBLIC_KEY_BYTES = 32


class Tokens(Handle):
    """Whose access tokens are accepted. `audience` is the operator's id, in hex. Once every issuer is added, several threads
    may use it at once."""

    def __init__(self, audience: str) -> None:
        super().__init__("bb_tokens_new", "bb_tokens_free", arguments.text(audience, "the audience"))

    def add_issuer(self, name: str, kid: str, public_key: Buffer) -> None:
        """ApiMisuse "capi.kid": another issuer has that kid."""
        with self._alone() as handle:
            call("bb_tokens_add_issuer", handle, arguments.text(name, "the issuer"), arguments.text(kid, "the kid"),
                 arguments.data(public_key, "the public key", PUBLIC_KEY_BYTES))

    def check(self, token: str, now: int) -> tuple[str, str]:
        """Issuer and account that `token` speaks for. BadInput "token.*": answer 401."""
        held = self._held()  # so that a thread that closes it meanwhile does not free it
        return texts_from("bb_tokens_check", held.value, arguments.text(token, "the token"),
                          arguments.whole(now, "the time", 64))


def mint_token(key: Buffer, *, issuer: str, kid: str, audience: str, account: str, issued_at: int, life: int = 600) -> str:
    """A token for evaluation, signed with the Ed25519 seed `key` (32 bytes). `life` in seconds, at most 86400. BadInput
    "token.account", "token.lifetime", "token.size"."""
    request = TokenRequest(arguments.text(issuer, "the issuer"), arguments.text(kid, "the kid"),
                           arguments.text(audience, "the audience"), arguments.text(account, "the account"),
                           arguments.whole(issued_at, "the time", 64), arguments.whole(life, "the life", 64))
    return text_from("bb_token_mint", arguments.data(key, "the key", KEY_BYTES), byref(request))


def token_public_key(key: Buffer) -> bytes:
    """The Ed25519 public key of the seed `key`."""
    return fixed_from("bb_token_public_key", arguments.data(key, "the key", KEY_BYTES), size=PUBLIC_KEY_BYTES)
