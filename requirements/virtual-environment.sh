#!/usr/bin/env bash
# Make an empty virtual environment in the folder named, with the first Python 3.11 or newer on PATH that is able to.
#
# Debian and Ubuntu keep the part of Python that this needs in a package of its own. Root gets it installed: on a fresh
# machine or in a container `make demo` and `make test` are all there is to type. Anyone else is told the one command.
set -euo pipefail

venv=$1
pythons=(${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3})

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
complete() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

find_python() {
    found='' package=python3-venv
    for python in "${pythons[@]}"; do
        new_enough "$python" || continue
        complete "$python" && found=$python && return
        [ "$package" != python3-venv ] || package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    done
}

apt_install() {
    echo "Installing the Debian package $1 (apt-get, as root)."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install --quiet --yes --no-install-recommends "$1" </dev/null && return
    apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends "$1" </dev/null
}

find_python
if [ -z "$found" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt_install "$package" >&2 || true
    find_python
fi
if [ -z "$found" ]; then
    echo "Brakuje Pythona 3.11 lub nowszego z modułem venv; zainstaluj go poleceniem: sudo apt-get install $package" >&2
    echo "Python 3.11 or newer with its venv module is missing; install it with: sudo apt-get install $package" >&2
    exit 1
fi
exec "$found" -m venv --clear "$venv"
