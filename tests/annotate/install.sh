#!/bin/sh
# The browser of the tests, from Debian's packages; quick and silent where one is there already.
# Without root or apt nothing is done: the tests say what to install, and are skipped.
set -eu
command -v chromium > /dev/null && exit 0
command -v apt-get > /dev/null && [ "$(id -u)" = 0 ] || exit 0
echo "installing Chromium for its tests"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install --yes --no-install-recommends chromium > /dev/null
