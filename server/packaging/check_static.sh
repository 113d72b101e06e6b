#!/bin/sh
# Fails when a binary needs shared libraries beyond the C library's own, and says which glibc it needs at least.
# Usage: check_static.sh BINARY
set -eu
others=$(objdump -p "$1" | awk '$1 == "NEEDED" && $2 !~ /^(libc|libm|ld-linux.*)\.so/ { print $2 }')
if [ -n "$others" ]; then
    echo "static: $1 needs shared libraries:" $others >&2
    exit 1
fi
floor=$(objdump -T "$1" | sed -n 's/.*(\{0,1\}GLIBC_\([0-9.]*\).*/\1/p' | sort -V | tail -n 1)
echo "static: $1 needs glibc $floor or newer, and no other library ($(du -k "$1" | cut -f 1) KB)"
