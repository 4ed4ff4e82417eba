#!/bin/sh
# Command 1 of the README: sets SecondRead up where it lies, then opens the window with the demo study.
# Usage: packaging/start.sh [PATH...]
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=packaging/prepare.sh
. packaging/prepare.sh

if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then
    fail "there is no screen here (DISPLAY and WAYLAND_DISPLAY are not set). Start it in a desktop session, or under xvfb-run."
fi
# shellcheck disable=SC2046
install_packages $(missing_libraries "$OFFSCREEN_LIBRARIES $WINDOW_LIBRARIES") $(python_packages)
make_environment ""
exec .venv/bin/secondread --demo "$@"
