#!/bin/sh
# Builds tshark.exe and sharkd.exe for Windows on x86-64 from Debian 13's sources of Wireshark and its libraries. Puts them
# into one folder, with the layout of an installed Wireshark. Runs within Debian 13; tests/windows/host.sh installs the
# packages and calls it.
#
#   sh host-build.sh FOLDER     FOLDER/sources has PACKAGE_VERSION.orig.tar.* of each; FOLDER/wireshark is the result
#
# Wireshark's C is not changed. Only the libraries that both programs call are built: no compression except zlib, no Lua, no
# capture. Each finished step has a mark in FOLDER/done and is not repeated.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
top=$(cd "${1:?name a folder}" && pwd)
sources="$top/sources"
libraries="$top/libraries"
builds="$top/builds"
host="$top/wireshark"
# The C runtime of the official build: UCRT.
triple=x86_64-w64-mingw32ucrt
older_triple=x86_64-w64-mingw32
jobs=$(nproc)
export LC_ALL=C.UTF-8
mkdir -p "$top/done" "$builds" "$libraries/bin" "$libraries/include" "$libraries/lib/pkgconfig"

# once STEP: runs the function of that name, unless an earlier run finished it.
once() {
    [ ! -e "$top/done/$1" ] || return 0
    echo "$(date +%T) $1"
    # If the function were on the left of ||, it would continue after an error.
    set +e
    (set -eu && "$1") >"$top/$1.log" 2>&1
    status=$?
    set -e
    [ "$status" = 0 ] || { tail -n 30 "$top/$1.log" && echo "$1 failed: see $top/$1.log"; exit 1; }
    touch "$top/done/$1"
}

# unpack PACKAGE: unpacks its source into $builds/PACKAGE.
unpack() {
    rm -rf "${builds:?}/$1"
    mkdir "$builds/$1"
    tar -xf "$(ls "$sources/$1"_*.orig.tar.*[z2])" --strip-components=1 -C "$builds/$1"
}

# Tells cmake and meson which compiler to use and where libraries are: in our folder, and in Debian's for Windows.
tools() {
    cat >"$top/windows.cmake" <<END
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER $triple-gcc)
set(CMAKE_CXX_COMPILER $triple-g++)
set(CMAKE_RC_COMPILER $triple-windres)
set(CMAKE_FIND_ROOT_PATH "$libraries" /usr/$triple)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
    set(CMAKE_FIND_ROOT_PATH_MODE_\${kind} ONLY)
endforeach()
foreach(kind EXE SHARED MODULE)
    set(CMAKE_\${kind}_LINKER_FLAGS_INIT "-static-libgcc -s")
endforeach()
END
    cat >"$top/windows.meson" <<END
[binaries]
c = '$triple-gcc'
cpp = '$triple-g++'
ar = '$triple-ar'
strip = '$triple-strip'
windres = '$triple-windres'
pkg-config = 'pkgconf'
[properties]
pkg_config_libdir = ['$libraries/lib/pkgconfig']
[built-in options]
c_args = ['-I$libraries/include']
cpp_args = ['-I$libraries/include']
c_link_args = ['-L$libraries/lib', '-static-libgcc']
cpp_link_args = ['-L$libraries/lib', '-static-libgcc']
[host_machine]
system = 'windows'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
END
}

# with_cmake PACKAGE OPTION...: builds and installs a library.
with_cmake() {
    package=$1
    shift
    unpack "$package"
    cmake -G Ninja -S "$builds/$package" -B "$builds/$package/build" -DCMAKE_TOOLCHAIN_FILE="$top/windows.cmake" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$libraries" -DCMAKE_INSTALL_LIBDIR=lib "$@"
    ninja -C "$builds/$package/build" -j "$jobs" install
}

# Makes an archive of one object.
static_library() {
    rm -f "$libraries/lib/$1.a"
    $triple-ar rcs "$libraries/lib/$1.a" "$2"
}

# Debian has these for Windows. Its libgcrypt is of the older C runtime: that passes no file and frees nothing of the
# other's.
from_debian() {
    for header in gcrypt.h gpg-error.h gpgrt.h; do cp "/usr/$older_triple/include/$header" "$libraries/include"; done
    for library in gcrypt gpg-error; do cp "/usr/$older_triple/lib/lib$library.dll.a" "$libraries/lib"; done
    for dll in libgcrypt-20 libgpg-error-0; do cp "/usr/$older_triple/bin/$dll.dll" "$libraries/bin"; done
    cp "/usr/$triple/include/zlib.h" "/usr/$triple/include/zconf.h" "$libraries/include"
    cp "/usr/$triple/lib/libz.dll.a" "$libraries/lib"
    cp "/usr/$triple/lib/zlib1.dll" "/usr/$triple/lib/libwinpthread-1.dll" "$libraries/bin"
}

pcre2() {
    with_cmake pcre2 -DBUILD_SHARED_LIBS=ON -DBUILD_STATIC_LIBS=OFF -DPCRE2_BUILD_PCRE2GREP=OFF -DPCRE2_BUILD_TESTS=OFF
}

c_ares() { with_cmake c-ares -DCARES_SHARED=ON -DCARES_STATIC=OFF -DCARES_BUILD_TOOLS=OFF -DCARES_BUILD_TESTS=OFF; }

# sharkd needs only the resampler, which needs no configuration.
speexdsp() {
    unpack speexdsp
    cd "$builds/speexdsp"
    mkdir -p "$libraries/include/speex"
    cat >include/speex/speexdsp_config_types.h <<END
#include <stdint.h>
typedef int16_t spx_int16_t;
typedef uint16_t spx_uint16_t;
typedef int32_t spx_int32_t;
typedef uint32_t spx_uint32_t;
END
    cp include/speex/*.h "$libraries/include/speex"
    $triple-gcc -O2 -DFLOATING_POINT -DUSE_SMALLFT -DEXPORT= -Iinclude -c libspeexdsp/resample.c -o resample.o
    static_library libspeexdsp resample.o
}

# GLib calls gettext. This one translates nothing: each function returns its argument.
gettext() {
    cd "$builds"
    header="$libraries/include/libintl.h"
    printf '#pragma once\n#ifdef __cplusplus\nextern "C" {\n#endif\n' >"$header"
    printf '#include <libintl.h>\n' >intl.c
    while read -r name parameters value; do
        parameters=$(echo "$parameters" | tr _ ' ')
        printf 'char *%s(%s);\n' "$name" "$parameters" >>"$header"
        printf 'char *%s(%s) { return (char *)(%s); }\n' "$name" "$parameters" "$value" >>intl.c
    done <<END
gettext const_char_*text text
dgettext const_char_*domain,const_char_*text text
dcgettext const_char_*domain,const_char_*text,int_category text
ngettext const_char_*one,const_char_*many,unsigned_long_n n == 1 ? one : many
dngettext const_char_*domain,const_char_*one,const_char_*many,unsigned_long_n n == 1 ? one : many
dcngettext const_char_*domain,const_char_*one,const_char_*many,unsigned_long_n,int_category n == 1 ? one : many
textdomain const_char_*domain domain ? domain : "messages"
bindtextdomain const_char_*domain,const_char_*folder folder
bind_textdomain_codeset const_char_*domain,const_char_*codeset codeset
END
    printf '#ifdef __cplusplus\n}\n#endif\n' >>"$header"
    $triple-gcc -O2 -I"$libraries/include" -c intl.c -o intl.o
    static_library libintl intl.o
}

# GLib without GObject and GIO, which would need more libraries. Its DLLs have the names of the official build, such as
# glib-2.0-0.dll, because the plugin loads them by name.
glib() {
    unpack glib2.0
    cd "$builds/glib2.0"
    for folder in gobject gio girepository fuzzing docs/reference; do sed -i "\\|^subdir('$folder')|d" meson.build; done
    sed -i -e '/^libffi_dep = /d' -e '/^libz_dep = /d' -e "/^subproject('gvdb'/d" -e '/^gvdb_dep = /d' meson.build
    for library in glib gmodule gthread; do
        sed -i "/^lib$library = library(/,/install *: *true,/s/install *: *true,/& name_prefix : '',/" $library/meson.build
        grep -q "name_prefix : ''," $library/meson.build
    done
    meson setup build . --cross-file "$top/windows.meson" --prefix "$libraries" --libdir lib --buildtype release \
        -Ddefault_library=shared -Dtests=false -Dnls=disabled -Dintrospection=disabled -Dman-pages=disabled \
        -Ddocumentation=false -Dlibelf=disabled -Dglib_debug=disabled
    ninja -C build -j "$jobs" install
}

# The parser generator runs here, so this system's compiler makes it; it would look for its template in /usr/share.
wireshark_sources() {
    unpack wireshark
    cd "$builds/wireshark"
    gcc -O1 -w tools/lemon/lemon.c -o "$builds/lemon"
    sed -i "s|/usr/share/lemon/lempar.c|$PWD/tools/lemon/lempar.c|" cmake/modules/UseLemon.cmake
}

wireshark() {
    set --
    for option in wireshark logray stratoshark tfshark rawshark dumpcap text2pcap mergecap reordercap editcap capinfos \
        captype randpkt dftest dcerpcidl2wrs mmdbresolve androiddump sshdump ciscodump dpauxmon randpktdump wifidump \
        etwdump udpdump falcodump; do
        set -- "$@" "-DBUILD_$option=OFF"
    done
    for option in PCAP AIRPCAP ZLIBNG MINIZIP MINIZIPNG LZ4 BROTLI SNAPPY ZSTD NGHTTP2 NGHTTP3 LUA SMI GNUTLS KERBEROS SBC \
        SPANDSP BCG729 AMRNB ILBC LIBXML2 OPUS SINSP WERROR COMPILER_COLOR_DIAGNOSTICS; do
        set -- "$@" "-DENABLE_$option=OFF"
    done
    PKG_CONFIG_LIBDIR=$libraries/lib/pkgconfig cmake -G Ninja -S "$builds/wireshark" -B "$builds/wireshark/build" \
        -DCMAKE_TOOLCHAIN_FILE="$top/windows.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS_RELEASE='-O1 -DNDEBUG -g0' -DCMAKE_CXX_FLAGS_RELEASE='-O1 -DNDEBUG -g0' \
        -DLEMON_EXECUTABLE="$builds/lemon" -DENABLE_PLUGINS=ON -DENABLE_ZLIB=ON -DBUILD_tshark=ON -DBUILD_sharkd=ON "$@"
    ninja -C "$builds/wireshark/build" -j "$jobs" tshark sharkd
}

collect() {
    rm -rf "$host"
    mkdir -p "$host"
    for file in tshark.exe sharkd.exe libwireshark.dll libwiretap.dll libwsutil.dll; do
        cp "$builds/wireshark/build/run/$file" "$host"
    done
    cp "$libraries"/bin/*.dll "$host"
    $triple-strip "$host"/*.exe "$host"/*.dll
    # A DLL that is missing here must be part of Windows. Names of Windows's own DLLs do not begin with lib.
    for file in "$host"/*.exe "$host"/*.dll; do $triple-objdump -p "$file" | sed -n 's/.*DLL Name: \(lib.*\)/\1/p'; done |
        sort -u | while read -r dll; do [ -e "$host/$dll" ] || { echo "missing: $dll" && exit 1; }; done
    cp -R "$builds/wireshark/resources/share/wireshark/." "$builds/wireshark/resources/protocols/." "$host"
    find "$host" -name CMakeLists.txt -delete
    cp "$builds/wireshark/COPYING" "$host/COPYING.txt"
    # The folder in which this release looks for plugins. The tests read the release from its name.
    header=$(find "$builds/wireshark/build" -name ws_version.h | head -n 1)
    release=$(sed -n 's/^#define WIRESHARK_VERSION_M[AI][JN]OR *//p' "$header" | paste -sd .)
    mkdir -p "$host/plugins/${release:?}/epan"
}

for step in tools from_debian pcre2 c_ares speexdsp gettext glib wireshark_sources wireshark collect; do once $step; done
