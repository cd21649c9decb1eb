# Install those of the Debian packages named that are missing. Anybody but root is told which, and how.
set -eu
missing=""
for package in "$@"; do
    if ! dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "These Debian packages are missing:$missing" >&2
    echo "Install them (sudo apt-get install$missing), or run 'make test DEBIAN=' to do without what needs them." >&2
    exit 1
fi
echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq </dev/null
# shellcheck disable=SC2086 - one word a package
apt-get install -qq --yes --no-install-recommends $missing </dev/null >/dev/null
