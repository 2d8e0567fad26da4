#!/bin/sh
# The editors of the tests, from Debian's packages; quick and silent where they are there already.
# Without root or apt nothing is done: the tests say what to install, and are skipped.
set -eu
command -v nvim > /dev/null && command -v emacs > /dev/null &&
  emacs --batch --eval "(require 'eglot)" > /dev/null 2>&1 && exit 0
command -v apt-get > /dev/null && [ "$(id -u)" = 0 ] || exit 0
echo "installing Neovim and Emacs for their tests"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# From Emacs 29 on, eglot comes with Emacs, and Debian has no package of it; Helix is there since 13.
more=$(for name in elpa-eglot hx; do
  apt-cache show "$name" > /dev/null 2>&1 && echo "$name"
done || true)
# shellcheck disable=SC2086
apt-get -qq install --yes --no-install-recommends neovim emacs-nox $more > /dev/null
