#!/bin/sh
# Handlers of the interpreter must end in jumps: no function but the interpreter's three ways in may call through the handler table.
# usage: check-handlers.sh EXECUTABLE (x86-64, release)
set -eu
bad=$(objdump -d --no-show-raw-insn -C "$1" | awk '
  /^[0-9a-f]+ <.*>:$/ { fn = $2 }
  /call +\*\(%r[0-9a-z]+,%r[0-9a-z]+,8\)/ && fn ~ /txpy_vm::interp/ && fn !~ /enter::|generator::resume/ { print fn }' | sort -u)
if [ -n "$bad" ]; then
  echo "these handlers call instead of jumping:"; echo "$bad"; exit 1
fi
echo "handlers end in jumps"
