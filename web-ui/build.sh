#!/bin/sh
# Builds and tests the console for Maven: `build.sh assets` and `build.sh test`.
#
# Both do only what is needed: `npm ci` when the lock file changed, the type check and Vite when a
# source is newer than the last output, the unit tests when a source is newer than their last pass.
set -eu
cd "$(dirname "$0")"
export NO_COLOR=1

fail() {
  echo "web-ui: $1" >&2
  exit 1
}

require_node() {
  command -v node >/dev/null 2>&1 ||
    fail "the console is built with Node.js 20.19 or newer, and no 'node' is on the PATH; install it and build again"
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
           process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "the console is built with Node.js 20.19 or newer (or 22.12), found $(node --version); install one and build again"
  command -v npm >/dev/null 2>&1 ||
    fail "the console is built with npm, which comes with Node.js, and no 'npm' is on the PATH; install it and build again"
}

# The copy of the lock file kept in node_modules says what was installed from it.
install_packages() {
  if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock.json
  fi
}

# True when a source of the console is newer than the file $1, or $1 is missing.
changed_since() {
  [ ! -f "$1" ] || [ -n "$(find src public index.html package.json package-lock.json tsconfig.json \
    vite.config.ts build.sh -newer "$1" -print | head -n 1)" ]
}

case "${1:-}" in
  assets)
    if changed_since target/classes/ui/index.html; then
      require_node
      install_packages
      npm run --silent check
      npm run --silent build
    fi
    ;;
  test)
    if changed_since target/tests-passed; then
      require_node
      install_packages
      npm run --silent test
      touch target/tests-passed
    fi
    ;;
  *)
    fail "usage: build.sh assets|test"
    ;;
esac
