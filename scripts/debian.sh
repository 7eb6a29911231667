#!/usr/bin/env bash
# Debian packages that pip cannot bring. Installed when one is missing and the user is root; otherwise says what to type.
set -euo pipefail
exec 8<"$0"
flock 8 2>/dev/null || true  # one at a time: apt would refuse the second
missing=()
need() { command -v "$1" >/dev/null 2>&1 || [ -x "$1" ] || missing+=("$2"); }
case "${1:-test}" in
venv) missing+=(python3-venv) ;;
bench)
    need prometheus-blackbox-exporter prometheus-blackbox-exporter
    [ -e /usr/lib/python3/dist-packages/osgeo ] || missing+=(python3-gdal)
    compgen -G "/usr/share/postgresql/*/extension/postgis.control" >/dev/null || missing+=(postgresql-15-postgis-3) ;;
test)
    need chromium chromium
    need onvif-util onvif-tools
    need ffprobe ffmpeg
    need ip iproute2
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || missing+=(fonts-noto-cjk) ;;
esac
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing: ${missing[*]}"
    echo "Please install them:  sudo apt-get install --no-install-recommends ${missing[*]}"
    exit 1
fi
echo "Installing Debian packages: ${missing[*]} …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
