#!/bin/sh
# Command 2 of the README: sets up what the tests need, then runs every check. Fails if one of them fails.
# Usage: packaging/test.sh [PYTEST ARGUMENT...]
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=packaging/prepare.sh
. packaging/prepare.sh

# shellcheck disable=SC2046
install_packages $(missing_libraries "$OFFSCREEN_LIBRARIES") $(missing_programs "dsrdump:dcmtk") $(python_packages)
[ -z "${SECONDREAD_TEST_PARTNERS:-}" ] || install_partners orthanc orthanc-dicomweb
make_environment "[test]"

export QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8
PATH="$PWD/.venv/bin:$PATH"
failed=""

# check NAME COMMAND...: runs it, and remembers the name when it fails.
check() {
    name=$1
    shift
    say "$name"
    "$@" || failed="$failed $name,"
}

check "ruff check" ruff check .
check "ruff format" ruff format --check .
check "mypy" mypy
check "import-linter" lint-imports
check "pytest" pytest "$@"

[ -z "$failed" ] || fail "FAILED:${failed%,}"
say "all checks passed"
