# shellcheck shell=sh disable=SC2034
# Sourced by start.sh and test.sh from the root of the project: makes .venv ready, or says in one line what is missing.
# POSIX sh. Runs apt-get only for what is really absent, and only as root or with passwordless sudo.

OFFSCREEN_LIBRARIES="
libstdc++.so.6:libstdc++6
libGL.so.1:libgl1
libEGL.so.1:libegl1
libglib-2.0.so.0:libglib2.0-0
libxkbcommon.so.0:libxkbcommon0
libfontconfig.so.1:libfontconfig1
libdbus-1.so.3:libdbus-1-3"
# What Qt loads to draw at all; shared library:package of Debian 12 and Ubuntu.

WINDOW_LIBRARIES="
libxkbcommon-x11.so.0:libxkbcommon-x11-0
libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4
libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-shape.so.0:libxcb-shape0
libwayland-cursor.so.0:libwayland-cursor0
libwayland-egl.so.1:libwayland-egl1"
# What Qt loads besides for a window on X11 or Wayland.

say() { printf 'secondread: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# missing_libraries LIST: the packages of those libraries that the dynamic linker does not know.
missing_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    for pair in $1; do
        case "$known" in
            *"${pair%%:*} ("*) ;;
            *) printf '%s ' "${pair#*:}" ;;
        esac
    done
}

# missing_programs "program:package ...": the packages of those programs that are not on the PATH.
missing_programs() {
    for pair in $1; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s ' "${pair#*:}"
    done
}

# find_python MODULES: the first Python of at least 3.11 that can import MODULES.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c "import sys, $1; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    return 1
}

# environment_stands: is there a .venv that was made in this very folder and still runs?
environment_stands() {
    grep -qF "$(pwd -P)/.venv" .venv/pyvenv.cfg 2>/dev/null && .venv/bin/python -c "import pip" 2>/dev/null
}

# python_packages: what apt-get must bring for a virtual environment; empty when nothing is missing.
python_packages() {
    environment_stands && return 0
    find_python "venv, ensurepip" >/dev/null && return 0
    if found=$(find_python "os"); then
        "$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2], end=" ")'
    elif [ "$(apt-cache policy python3.11 2>/dev/null | grep -c 'Candidate: [0-9]')" -gt 0 ]; then
        printf 'python3.11 python3.11-venv '
    else
        printf 'python3 python3-venv '
    fi
}

# install_packages PACKAGE...: by apt-get where allowed; otherwise one line with the command to run.
install_packages() {
    [ $# -gt 0 ] || return 0
    command -v apt-get >/dev/null 2>&1 ||
        fail "missing here: $* (names of Debian packages). Install them with the system's package manager, then start again."
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null ||
            fail "missing: $*. Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*   and start again."
        as_root="sudo -n"
    fi
    say "installing with apt-get: $*"
    $as_root apt-get update -qq >&2 || say "apt-get update did not go through; trying with the lists that are here"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 ||
        fail "apt-get could not install: $*. Install these packages, then start again."
}

# install_partners PACKAGE...: systems that the tests of the network talk to; without them those tests are skipped.
install_partners() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    [ -x /usr/sbin/Orthanc ] && return 0
    say "installing with apt-get, for the tests of the network: $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2 ||
        say "not available here: $*; the tests that need it are skipped"
}

# make_environment EXTRAS: .venv with this project in it; pip runs only when pyproject.toml or EXTRAS changed.
make_environment() {
    if ! environment_stands; then
        rm -rf .venv
        python=$(find_python "venv, ensurepip") ||
            fail "Python 3.11 or newer with the module venv is needed and was not found. Install python3.11 and python3.11-venv, then start again."
        say "making .venv with $("$python" --version)"
        "$python" -m venv .venv || fail "the virtual environment .venv could not be made."
    fi
    wanted="$(cksum <pyproject.toml)"
    if [ "$(cat ".venv/installed$1" 2>/dev/null)" != "$wanted" ]; then
        say "installing SecondRead and the Python packages it needs (some minutes the first time)"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".$1" ||
            fail "pip could not install the packages of pyproject.toml; the reason stands above."
        printf '%s' "$wanted" >".venv/installed$1"
    fi
}
