#!/bin/sh
# Handlers of the interpreter must end in jumps: one that calls another leaves its frame on the native stack for each instruction run.
# Only the interpreter's ways in may call through the handler table, or call a handler. They are told by how handlers are named: opcodes in
# capitals, `..._slow`, and unwind. A handler fails this when a local of it (or of a function inlined into it) has its address taken.
# usage: check-handlers.sh EXECUTABLE [OBJDUMP] (release build; x86-64 or aarch64)
set -eu
bad=$("${2:-objdump}" -d --no-show-raw-insn -C "$1" | awk '
  /^[0-9a-f]+ <.*>:$/ { fn = $2 }
  fn !~ /txpy_vm::interp::/ || fn ~ /interp::enter::|generator::resume|unwind::raise_in/ { next }
  /call +\*\(%r[0-9a-z]+,%r[0-9a-z]+,8\)/ || /\tblr\t/ { print fn, "calls through the table"; next }
  /(call|\tbl) .*<txpy_vm::interp::([a-z]+::)*([A-Z0-9]+|[a-z_0-9]+_slow|unwind|ret_special)>/ { print fn, "calls", $NF }' | sort -u)
if [ -n "$bad" ]; then
  echo "these handlers call instead of jumping:"; echo "$bad"; exit 1
fi
echo "handlers end in jumps"
