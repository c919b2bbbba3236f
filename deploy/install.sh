#!/bin/sh
# Installs the bundle this file lies in into .venv beside it (or the folder named), asking no index.
# PYTHON names the interpreter: the version the bundle was made with.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${1:-$here/.venv}
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip --disable-pip-version-check install --no-index --find-links "$here/wheels" --requirement "$here/requirements.txt"
echo "装好了：$venv/bin/wenbao serve"
