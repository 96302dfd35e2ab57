#!/bin/sh
# Take a backup under today's date, and remove those that are too old: `back-up.sh FOLDER DAYS`.
# Old ones go only after a new one is there. What was erased by law is gone from all of them after DAYS.
set -eu
folder=$1
days=$2
guildhall=${GUILDHALL_PROGRAM:-$(dirname "$0")/../.venv/bin/guildhall}

"$guildhall" backup "$folder/$(date -u +%Y-%m-%dT%H%M%SZ)"
find "$folder" -mindepth 1 -maxdepth 1 -type d -name '????-??-??T??????Z' -mtime +"$days" -exec rm -rf {} +
