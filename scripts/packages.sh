# Sourced by test.sh: the .NET SDK and Debian packages they need.

require_sdk() {
    if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
        echo "The .NET 10 SDK is needed and not found: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
        exit 1
    fi
}

# require_packages NAME[>=VERSION]...: installs what is missing or older, or says what to install and exits. What the release has
# in older versions only comes from its backports, by the archive that apt uses already.
require_packages() {
    local missing=() older=() wanted name version
    for wanted in "$@"; do
        name=${wanted%%>=*}
        version=${wanted#"$name"}
        version=${version#>=}
        if ! has_version "$version" "$(installed_version "$name")"; then
            missing+=("$name")
            [ -n "$version" ] && older+=("$wanted")
        fi
    done
    [ ${#missing[@]} -eq 0 ] && return 0

    if ! command -v apt-get >/dev/null; then
        echo "These Debian packages, or what your system has for them, are needed: ${missing[*]}" >&2
        exit 1
    fi
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            echo "Please install what is missing:  sudo apt-get install ${missing[*]}" >&2
            [ ${#older[@]} -eq 0 ] || echo "(${older[*]}: from the backports of your release, if it has older ones)" >&2
            exit 1
        fi
        sudo=(sudo -n)
    fi

    echo "Installing: ${missing[*]}"
    "${sudo[@]}" apt-get update -q >/dev/null || true
    local backports=()
    for wanted in "${older[@]}"; do
        has_version "${wanted#*>=}" "$(candidate_version "${wanted%%>=*}")" || backports+=("${wanted%%>=*}")
    done
    [ ${#backports[@]} -eq 0 ] || add_backports "${sudo[@]}"

    if ! install_quietly; then
        echo "apt-get could not install: ${missing[*]}" >&2
        exit 1
    fi

    for wanted in "${older[@]}"; do
        if ! has_version "${wanted#*>=}" "$(installed_version "${wanted%%>=*}")"; then
            echo "${wanted%%>=*} $(installed_version "${wanted%%>=*}") is too old: ${wanted#*>=} is needed." >&2
            exit 1
        fi
    done
}

# For require_packages, which knows what is missing. Debian starts a server as soon as it is installed; ours are started by the
# tests, with settings of their own.
install_quietly() (
    guard=/usr/sbin/policy-rc.d
    if [ ! -e $guard ]; then
        trap '"${sudo[@]}" rm -f $guard' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $guard >/dev/null
        "${sudo[@]}" chmod +x $guard
    fi

    install=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends)
    result=0
    if [ ${#backports[@]} -gt 0 ]; then
        "${install[@]}" -t "$(release)-backports" "${backports[@]}" >/dev/null || result=$?
    fi
    "${install[@]}" "${missing[@]}" >/dev/null || result=$?
    exit $result
)

# has_version WANTED FOUND: whether FOUND is a version, and at least WANTED, if that is one
has_version() {
    [ -n "$2" ] && { [ -z "$1" ] || dpkg --compare-versions "$2" ge "$1"; }
}

installed_version() {
    dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null | sed -n 's/^installed //p' || true
}

candidate_version() {
    apt-cache policy "$1" | sed -n 's/^ *Candidate: //p'
}

release() {
    (. /etc/os-release && echo "$VERSION_CODENAME")
}

# add_backports [SUDO...]: of Debian, in one file beside those of apt; none of theirs is changed. Backports are never taken unasked.
# Ubuntu has its own among its sources already.
add_backports() {
    local suite known uri key
    suite=$(release)-backports
    known=$(apt-get indextargets --format '$(RELEASE) $(CODENAME) $(SUITE)' 'Created-By: Packages')
    grep -qw -- "$suite" <<<"$known" && return 0
    if ! (. /etc/os-release && [ "$ID" = debian ]); then
        return 0
    fi

    known=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages')
    uri=$(sed -n "s/^$(release) main //p" <<<"$known" | head -n 1)
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    if [ -z "$uri" ]; then
        echo "apt knows no archive of $(release), so its backports are not known either." >&2
        exit 1
    fi

    printf '%s\n' 'Types: deb' "URIs: $uri" "Suites: $suite" 'Components: main' "Signed-By: $key" \
        | "$@" tee "/etc/apt/sources.list.d/$suite.sources" >/dev/null
    "$@" apt-get update -q >/dev/null || true
}
