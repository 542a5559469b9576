"""A person in a room, by slixmpp: makes an account if told to, enters, says each line of the input, prints each message.

usage: room.py HOST PORT JID PASSWORD ROOM HISTORY [register]
Prints "in" when it is in the room, and "NICK BODY" in JSON for each message of others.
"""
import asyncio
import json
import ssl
import sys

import slixmpp

# slixmpp 1.8 prints what history it gets.
output, sys.stdout = sys.stdout, sys.stderr


def say(line):
    print(line, file=output, flush=True)


async def main(host, port, jid, password, room, history, register=None):
    me = slixmpp.ClientXMPP(jid, password)
    # The server's certificate is its own, made at its start, and it is on this machine.
    me.ssl_context.check_hostname = False
    me.ssl_context.verify_mode = ssl.CERT_NONE
    # Else slixmpp 1.8 keeps the registration until after the login that needs it.
    me._always_send_everything = True
    for plugin in ("xep_0004", "xep_0045") + (("xep_0066", "xep_0077") if register else ()):
        me.register_plugin(plugin)

    async def make_account(form):
        answer = me.Iq()
        answer["type"] = "set"
        answer["register"]["username"] = me.boundjid.user
        answer["register"]["password"] = me.password
        await answer.send()

    def said(message):
        if message["mucnick"] != me.boundjid.user:
            say(json.dumps([message["mucnick"], message["body"]]))

    me.add_event_handler("register", make_account)
    me.add_event_handler("groupchat_message", said)
    me.connect((host, int(port)), force_starttls=True)
    await me.wait_until("session_start", 60)
    me.send_presence()
    await me["xep_0045"].join_muc_wait(room, me.boundjid.user, maxstanzas=int(history), timeout=60)
    say("in")
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        me.send_message(room, line.decode().rstrip("\n"), mtype="groupchat")
    me.abort()


asyncio.get_event_loop_policy().get_event_loop().run_until_complete(main(*sys.argv[1:]))
