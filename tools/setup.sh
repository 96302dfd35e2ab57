#!/bin/sh
# Make .venv and the style sheet, or bring them up to date: `sh tools/setup.sh [dev]`.
# What was installed is noted in .venv, so that nothing is done where nothing has changed.
set -eu
cd "$(dirname "$0")/.."

changed() { # changed NAME FILE...: whether these files differ from those that NAME was made from
    name=$1
    shift
    [ "$(cat "$@" | cksum)" != "$(cat ".venv/.made-$name" 2>/dev/null)" ]
}

made() { # made NAME FILE...: note what NAME was made from
    name=$1
    shift
    cat "$@" | cksum >".venv/.made-$name"
}

install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$1"
}

if ! .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
    python=$(sh tools/python.sh)
    echo "Making .venv with $python"
    rm -rf .venv
    "$python" -m venv .venv
fi

if changed run requirements.txt pyproject.toml || [ ! -x .venv/bin/guildhall ]; then
    echo "Installing the Python packages of requirements.txt"
    install requirements.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    made run requirements.txt pyproject.toml
fi

if [ "${1:-}" = dev ] && changed dev requirements-dev.txt; then
    echo "Installing the Python packages of requirements-dev.txt"
    install requirements-dev.txt
    made dev requirements-dev.txt
fi

styles="package.json package-lock.json $(find src/guildhall/kit/sass -name '*.scss' | sort)"
# shellcheck disable=SC2086 - a list of files, none with a space in its name
if changed styles $styles || [ ! -f src/guildhall/kit/static/guildhall.css ]; then
    if ! node -e 'process.exit(Number(process.versions.node.split(".")[0] < 18))' 2>/dev/null || ! npm --version >/dev/null 2>&1; then
        echo "Installing Node.js into .venv, because there is no npm that works"
        install requirements-node.txt
        PATH="$PWD/.venv/bin:$PATH"
        export PATH
    fi
    echo "Compiling the style sheet"
    npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error
    npm run --silent build
    made styles $styles
fi
