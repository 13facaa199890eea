#!/bin/sh
# An installed Chromium is used; else Debian's package is installed when root; else it says what to install.
set -eu
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fonts-liberation
    exit 0
fi
echo "The browser tests need Chromium: install the package 'chromium', or set CHROMIUM to its path." >&2
exit 1
