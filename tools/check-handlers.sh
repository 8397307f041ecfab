#!/bin/sh
# Handlers of the interpreter must end in jumps: one that calls another leaves its frame on the native stack for each instruction run.
# Only the interpreter's ways in may call through the handler table, or call a handler. They are told by how handlers are named: opcodes in
# capitals, `..._slow`, and unwind. A handler fails this when a local of it (or of a function inlined into it) has its address taken.
# usage: check-handlers.sh EXECUTABLE [OBJDUMP] (release build; x86-64 or aarch64)
set -eu
bad=$("${2:-objdump}" -d --no-show-raw-insn -C "$1" | awk '
  /^[0-9a-f]+ <.*>:$/ { fn = $2; split("", entry) }
  fn !~ /txpy_vm::interp::/ || fn ~ /interp::enter::|generator::resume|unwind::raise_in/ { next }
  /call +\*\(%r[0-9a-z]+,%r[0-9a-z]+,8\)/ { print fn, "calls through the table"; next }
  # aarch64 loads the entry first. Iterators have a table of steps, too.
  $2 == "blr" && $3 in entry && fn !~ /loops::advance/ { print fn, "calls through the table"; next }
  $3 ~ /^x[0-9]+,/ { r = $3; sub(/,.*/, "", r); delete entry[r]; if ($2 == "ldr" && /lsl #3\]/) entry[r] = 1 }
  /(call|\tbl) .*<txpy_vm::interp::([a-z]+::)*([A-Z0-9]+|[a-z_0-9]+_slow|unwind|ret_special)>/ { print fn, "calls", $NF }' | sort -u)
if [ -n "$bad" ]; then
  echo "these handlers call instead of jumping:"; echo "$bad"; exit 1
fi
echo "handlers end in jumps"
