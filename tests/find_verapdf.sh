#!/bin/sh
# Java, and the library that reads veraPDF's profiles; else Debian's packages are installed when root; else it says which.
set -eu
if command -v java >/dev/null 2>&1 && [ -e /usr/share/java/jaxb-runtime.jar ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q
    command -v java >/dev/null 2>&1 || DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends default-jre-headless
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends libjaxb-java
    exit 0
fi
echo "The check of the PDF needs Java and JAXB: install the packages 'default-jre-headless' and 'libjaxb-java'." >&2
exit 1
