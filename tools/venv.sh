# Make the virtual environment named, with any Python 3.11 or newer. PYTHON chooses the interpreter.
set -eu
python="${PYTHON:-python3}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Farthing needs Python 3.11 or newer; '$python' is not. Name one: make PYTHON=/path/to/python3.11 setup" >&2
    exit 1
fi
# Debian keeps venv and ensurepip in a package of their own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    sh "$(dirname "$0")/debian.sh" python3-venv
fi
echo "Making $1 with $("$python" --version)"
"$python" -m venv "$1"
