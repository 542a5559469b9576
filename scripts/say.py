"""Sends one chat message with slixmpp and prints the answer.

usage: YOU_PASSWORD=... say.py HOST PORT CAFILE JID TO TEXT
"""
import asyncio
import os
import sys
from pathlib import Path

import slixmpp


async def main(host, port, ca, jid, to, text):
    me = slixmpp.ClientXMPP(jid, os.environ["YOU_PASSWORD"])
    me.ca_certs = Path(ca)
    answer = asyncio.get_running_loop().create_future()

    def received(message):
        if message["type"] == "chat" and not answer.done():
            answer.set_result(message["body"])

    # A message sent before the bot is there is kept for it by the server and answered when it comes.
    me.add_event_handler("message", received)
    me.connect((host, int(port)), force_starttls=True)
    await me.wait_until("session_start", 60)
    me.send_presence()
    me.send_message(to, text, mtype="chat")
    print("%s> %s" % (to.split("@")[0], await asyncio.wait_for(answer, 60)), flush=True)
    me.abort()


asyncio.get_event_loop_policy().get_event_loop().run_until_complete(main(*sys.argv[1:7]))
