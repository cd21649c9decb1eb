# Install those of the Debian packages named that are missing. Anybody but root is told which, and how. A name with a
# question mark is a better tool for what another one does too: it is installed where that can be done.
set -eu
missing=""
better=""
for package in "$@"; do
    name=${package%\?}
    if ! dpkg-query --show --showformat='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed; then
        case $package in
            *\?) better="$better $name" ;;
            *) missing="$missing $name" ;;
        esac
    fi
done
[ -n "$missing$better" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    [ -n "$missing" ] || exit 0
    echo "These Debian packages are missing:$missing" >&2
    echo "Install them (sudo apt-get install$missing), or run 'make test DEBIAN=' to do without what needs them." >&2
    exit 1
fi
echo "Installing Debian packages:$missing$better"
export DEBIAN_FRONTEND=noninteractive
install() {
    apt-get install -qq --yes --no-install-recommends "$@" </dev/null >/dev/null
}
apt-get update -qq </dev/null || [ -z "$missing" ]
# shellcheck disable=SC2086 - one word a package
[ -z "$missing" ] || install $missing
# shellcheck disable=SC2086
[ -z "$better" ] || install $better || echo "Done without:$better"
