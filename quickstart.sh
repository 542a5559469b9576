#!/usr/bin/env bash
# Starts a local Prosody with two accounts and EchoBot against it, until Ctrl-C.
# usage: ./quickstart.sh [--say TEXT]     --say sends TEXT to the bot as you@localhost, prints what comes back, and ends
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/packages.sh

say=
case "${1:-}" in
    '') ;;
    --say) say=${2:?--say needs a text} ;;
    *) sed -n '2,3p' "$0" | cut -c3- >&2; exit 2 ;;
esac

require_sdk
require_packages prosody lua-sec lua-event openssl ${say:+python3 python3-slixmpp}

dir=$(mktemp -d)
server='' bot=''
finish() {
    [ -n "$bot" ] && kill "$bot" 2>/dev/null && wait "$bot" 2>/dev/null
    [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

in_use() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=5222
if in_use $port; then
    while in_use $port; do port=$((20000 + RANDOM % 12000)); done
    echo "Port 5222 is taken; using $port."
fi

# A root of our own, a certificate for localhost signed by it, and two passwords, all thrown away at the end.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 7 -subj '/CN=quickstart root' \
    -addext 'basicConstraints=critical,CA:TRUE' -keyout "$dir/ca.key" -out "$dir/ca.crt" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' \
    -keyout "$dir/localhost.key" -out "$dir/localhost.csr" 2>/dev/null
openssl x509 -req -in "$dir/localhost.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -days 7 \
    -extfile <(echo 'subjectAltName=DNS:localhost') -out "$dir/localhost.crt" 2>/dev/null
bot_password=$(openssl rand -hex 12)
you_password=$(openssl rand -hex 12)
mkdir -p "$dir/data/localhost/accounts"
printf 'return { password = "%s"; };\n' "$bot_password" > "$dir/data/localhost/accounts/bot.dat"
printf 'return { password = "%s"; };\n' "$you_password" > "$dir/data/localhost/accounts/you.dat"
printf '%s' "$bot_password" > "$dir/bot-password"
cat > "$dir/prosody.cfg.lua" <<CFG
run_as_root = true
pidfile = "$dir/prosody.pid"
data_path = "$dir/data"
log = { info = "$dir/prosody.log" }
interfaces = { "127.0.0.1" }
c2s_ports = { $port }
modules_disabled = { "s2s" }
modules_enabled = { "disco", "offline", "roster", "saslauth", "tls", "carbons", "ping", "time", "version" }
c2s_require_encryption = true
authentication = "internal_hashed"
VirtualHost "localhost"
    ssl = { key = "$dir/localhost.key"; certificate = "$dir/localhost.crt" }
CFG

prosody --config "$dir/prosody.cfg.lua" -F </dev/null >"$dir/out.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    in_use "$port" && break
    kill -0 $server 2>/dev/null || { echo "Prosody did not start:" >&2; cat "$dir/out.log" >&2; exit 1; }
    sleep 0.1
done
echo "Prosody listens on 127.0.0.1:$port. To chat with the bot, log in with any XMPP client:"
echo "  address you@localhost · password $you_password · server 127.0.0.1 port $port · trust $dir/ca.crt · talk to bot@localhost"

dotnet build samples/EchoBot -nologo -v quiet
# Its own process, not a `dotnet run` around it, so that it is the one to be stopped.
dotnet samples/EchoBot/bin/Debug/net10.0/EchoBot.dll --Xmpp:Jid=bot@localhost \
    --Xmpp:PasswordFile="$dir/bot-password" --Xmpp:Host=127.0.0.1 --Xmpp:Port="$port" \
    --Xmpp:TrustedRoots="$dir/ca.crt" &
bot=$!
if [ -z "$say" ]; then
    wait $bot
else
    # Debian's slixmpp is Debian's python's.
    python3=python3
    [ -x /usr/bin/python3 ] && python3=/usr/bin/python3
    YOU_PASSWORD=$you_password $python3 scripts/say.py 127.0.0.1 "$port" "$dir/ca.crt" you@localhost bot@localhost "$say"
fi
