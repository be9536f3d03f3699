#!/bin/bash
# Gradescope runs this once, as root, when it makes the image: it installs what the autograder needs.
set -euo pipefail

root=${AUTOGRADER_ROOT:-/autograder}
python=${AUTOGRADER_PYTHON:-}
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install --yes --no-install-recommends bubblewrap libseccomp2 util-linux

for version in 3.14 3.13 3.12 3.11; do
    if [ -n "$python" ]; then
        break
    fi
    if apt-get install --yes --no-install-recommends "python$version" "python$version-venv"; then
        python=python$version
    fi
done
if [ -z "$python" ]; then
    echo "This image has no Python 3.11, 3.12, 3.13 or 3.14: choose Ubuntu 22.04 or a later one as its base." >&2
    exit 1
fi

"$python" -m venv "$root/environment"
"$root/environment/bin/python" -m pip install --quiet --disable-pip-version-check -r "$root/source/requirements.txt"
chmod -R go-rwx "$root/source"
