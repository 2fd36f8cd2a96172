"""A component (XEP-0114) that gives users of an XMPP server access tokens: docs/spec/token.md has the stanzas."""

from __future__ import annotations

from slixmpp import ComponentXMPP, Iq
from slixmpp.exceptions import XMPPError
from slixmpp.xmlstream import ElementBase, register_stanza_plugin
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

from blindbook import BadInput
from blindbook.issuer import LIFE, Issuer

NAMESPACE = "urn:blindbook:token:1"


class Token(ElementBase):
    """<token/> asks, and <token expires-in="600">..</token> answers."""

    name = "token"
    namespace = NAMESPACE
    plugin_attrib = "blindbook_token"
    interfaces = {"expires-in"}

    @property
    def text(self) -> str:
        return self.xml.text or ""

    @text.setter
    def text(self, text: str) -> None:
        self.xml.text = text


class TokenComponent(ComponentXMPP):
    """The component `jid` of the server at `host`:`port`, for the users of its domain `served`. It keeps nothing."""

    def __init__(self, jid: str, secret: str, host: str, port: int, served: str, issuer: Issuer) -> None:
        super().__init__(jid, secret, host, port)
        self._served, self._issuer = served, issuer
        self.register_plugin("xep_0030")
        self["xep_0030"].add_identity(category="component", itype="generic", name="blindbook")
        self["xep_0030"].add_feature(NAMESPACE)
        register_stanza_plugin(Iq, Token)
        self.register_handler(Callback("Token", StanzaPath("iq@type=get/blindbook_token"), self._answer))
        # slixmpp keeps a roster of everybody who sends a presence; this component has no use for one.
        self.remove_handler("Presence")

    def _answer(self, iq: Iq) -> None:
        """The server stamps `from`, so it is authenticated; whose users it stamps so is told by the domain."""
        sender = iq["from"]
        if not sender.user or sender.domain != self._served:
            raise XMPPError("forbidden", etype="auth", text=f"this service is for users of {self._served}")
        try:
            token = self._issuer.token(sender.bare)
        except BadInput as error:  # an address longer than an account may be
            raise XMPPError("not-acceptable", etype="cancel", text=error.message) from error
        answer = iq.reply()
        answer["blindbook_token"]["expires-in"] = str(LIFE)
        answer["blindbook_token"].text = token
        answer.send()
