#!/usr/bin/env bash
# Writes requirements/*.txt: every distribution pinned, every file hashed, no index named.
set -euo pipefail
cd "$(dirname "$0")/.."
uv="${UV:-.venv/bin/uv}"
options=(--quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links)

"$uv" pip compile "${options[@]}" "$@" requirements/uv.in -o requirements/uv.txt
"$uv" pip compile "${options[@]}" "$@" setup.cfg requirements/build.in --extra dev -o requirements/dev.txt
# The running program gets the very versions that the tests saw.
"$uv" pip compile "${options[@]}" "$@" setup.cfg requirements/build.in -c requirements/dev.txt -o requirements/run.txt
# Node for machines that have none: it only builds the pages, so it stays out of the running program.
"$uv" pip compile "${options[@]}" "$@" requirements/node.in -o requirements/node.txt
