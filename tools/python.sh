#!/bin/sh
# Print the path of a Python that works: `sh tools/python.sh [3.12]`. With a version, that one and no other.
# Each candidate is tried: a pyenv shim may be on the path and not run.
wanted=${1:-}
ask='
import sys
if sys.version_info < (3, 12) or (sys.argv[1] and sys.argv[1] != "%d.%d" % sys.version_info[:2]):
    sys.exit(1)
import ensurepip, venv  # Debian keeps these in a package of their own
print(sys.executable)
'
for candidate in python3.14 python3.13 python3.12 python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
    if found=$("$candidate" -c "$ask" "$wanted" 2>/dev/null) && [ -n "$found" ]; then
        echo "$found"
        exit 0
    fi
done
echo "No working Python ${wanted:-3.12 or newer} was found." >&2
echo "Install one with its venv module (Debian: apt-get install python3-venv) and run this again." >&2
exit 1
