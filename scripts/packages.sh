# Sourced by test.sh: the .NET SDK and Debian packages they need.

require_sdk() {
    if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
        echo "The .NET 10 SDK is needed and not found: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
        exit 1
    fi
}

# require_packages NAME...: installs what is missing, or says what to install and exits
require_packages() {
    local missing=() name sudo=()
    for name in "$@"; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return 0

    if ! command -v apt-get >/dev/null; then
        echo "These Debian packages, or what your system has for them, are needed: ${missing[*]}" >&2
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            echo "Please install what is missing:  sudo apt-get install ${missing[*]}" >&2
            exit 1
        fi
        sudo=(sudo -n)
    fi

    echo "Installing: ${missing[*]}"
    # Debian starts a server as soon as it is installed; ours are started by the tests, with settings of their own.
    local guard=/usr/sbin/policy-rc.d made=0
    if [ ! -e $guard ]; then
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $guard >/dev/null
        "${sudo[@]}" chmod +x $guard
        made=1
    fi
    local result=0
    "${sudo[@]}" apt-get update -q >/dev/null || true
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
        >/dev/null || result=$?
    [ $made -eq 1 ] && "${sudo[@]}" rm -f $guard
    if [ $result -ne 0 ]; then
        echo "apt-get could not install: ${missing[*]}" >&2
        exit 1
    fi
}
