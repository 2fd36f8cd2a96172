#!/usr/bin/env python3
"""An XMPP client:

    xmpp_client.py PORT JID PASSWORD meet URL INVITATION NUMBER..

registers JID, finds the service that gives tokens among those of its server, asks who of NUMBERs is there, puts them into
the roster, and prints what the roster of its next session holds.

    xmpp_client.py PORT JID PASSWORD register
    xmpp_client.py PORT JID PASSWORD ask SERVICE TYPE [NAME]

registers, and prints what comes of an IQ of that TYPE for a token, as if it were from NAME.
"""

import asyncio
import base64
import json
import sys

import blindbook
from blindbook_xmpp.component import NAMESPACE, Token
from slixmpp import ClientXMPP, Iq
from slixmpp.exceptions import IqError
from slixmpp.plugins.xep_0077.stanza import Register, RegisterFeature
from slixmpp.stanza import StreamFeatures
from slixmpp.xmlstream import register_stanza_plugin
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatcherId

port, jid, password, act = sys.argv[1:5]
arguments = sys.argv[5:]


class Session(ClientXMPP):
    """One session of JID, which is registered before (XEP-0077) where `register` says so."""

    def __init__(self, register=False):
        super().__init__(jid, password, plugin_config={"feature_mechanisms": {"unencrypted_scram": True}})  # on loopback
        self.register_plugin("xep_0030")
        register_stanza_plugin(Iq, Token)
        self.started = asyncio.get_running_loop().create_future()
        self.add_event_handler("session_start", lambda _: self.started.set_result(None))
        self.broken = asyncio.get_running_loop().create_future()
        self.add_event_handler("stream_error", lambda error: self.broken.set_result(error["condition"]))
        for event in ("failed_all_auth", "connection_failed"):
            self.add_event_handler(event, lambda what: self.broken.set_result(str(what)))
        if register:
            register_stanza_plugin(StreamFeatures, RegisterFeature)
            register_stanza_plugin(Iq, Register)
            self.register_feature("register", self.register_account, order=50)

    async def register_account(self, _):
        """slixmpp's own plugin cannot: 1.8.3 holds every stanza back until there is a session."""
        if "mechanisms" in self.features:  # there is an account by now
            return False
        answered = asyncio.get_running_loop().create_future()
        self.register_handler(Callback("Registered", MatcherId("register"), answered.set_result, once=True))
        form = self.Iq(sid="register", stype="set")
        form["register"]["username"] = self.boundjid.user
        form["register"]["password"] = self.password
        self.send_raw(str(form))
        answer = await asyncio.wait_for(answered, 30)
        if answer["type"] != "result":
            self.broken.set_result(str(answer))
        return False

    async def unless_broken(self, wanted):
        """What `wanted` gives; BrokenPipeError says why the server ended the stream before."""
        wanted = asyncio.ensure_future(wanted)
        done, _ = await asyncio.wait({wanted, self.broken}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        if wanted in done:
            return wanted.result()
        raise BrokenPipeError(self.broken.result() if done else "30 seconds have passed")

    async def __aenter__(self):
        self.connect(("127.0.0.1", int(port)), disable_starttls=True, force_starttls=False)
        await self.unless_broken(self.started)
        return self

    async def __aexit__(self, *_):
        await self.disconnect()

    async def service(self):
        """The one of the server's services that gives tokens."""
        items = await self["xep_0030"].get_items(jid=self.boundjid.domain)
        for item in items["disco_items"]["items"]:
            info = await self["xep_0030"].get_info(jid=item[0])
            if NAMESPACE in info["disco_info"]["features"]:
                return item[0]
        raise LookupError("no service of the server gives tokens")

    async def token(self, service, type="get", sender=None):
        question = self.Iq(sto=service, stype=type, sfrom=sender)
        question.enable("blindbook_token")
        answer = await self.unless_broken(question.send())
        assert answer["blindbook_token"]["expires-in"] == "600"
        return answer["blindbook_token"].text


def matches(token, url, invitation, *numbers):
    with blindbook.Client(invitation, blindbook.new_key()) as client:
        for number in numbers:
            client.add(number)
        return blindbook.discover(client, token, blindbook.Http(url), lambda state: None).matches


async def meet():
    async with Session(register=True) as session:
        token = await session.token(await session.service())
        for match in await asyncio.to_thread(matches, token, *arguments):
            await session.update_roster(match.label, name=match.number)
    async with Session() as session:
        roster = await session.get_roster()
        for contact, item in sorted(roster["roster"]["items"].items()):
            print(contact, item["name"])


async def register():
    async with Session(register=True):
        pass


async def ask():
    async with Session() as session:
        try:
            claims = (await session.token(*arguments)).split(".")[1]
            print("a token of", json.loads(base64.urlsafe_b64decode(claims + "=="))["sub"])
        except IqError as error:
            print(error.condition, error.text)
        except BrokenPipeError as error:
            print(error)


asyncio.run({"meet": meet, "register": register, "ask": ask}[act]())
