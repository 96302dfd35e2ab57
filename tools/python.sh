#!/bin/sh
# Print the path of a Python that works: `sh tools/python.sh [3.12]`. With a version, that one and no other.
# Each candidate is tried: a pyenv shim may be on PATH and not run.
wanted=${1:-}
for candidate in python3.14 python3.13 python3.12 python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
    "$candidate" - "$wanted" <<'PYTHON' 2>/dev/null && exit 0
import sys

if sys.version_info < (3, 12) or (sys.argv[1] and sys.argv[1] != "%d.%d" % sys.version_info[:2]):
    sys.exit(1)
import ensurepip, venv  # Debian keeps these in a package of their own

print(sys.executable)
PYTHON
done
echo "No working Python ${wanted:-3.12 or newer} was found." >&2
echo "Install one with its venv module (Debian: apt-get install python3-venv) and run this again." >&2
exit 1
