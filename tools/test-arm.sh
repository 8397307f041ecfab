#!/bin/bash
# Builds for aarch64 and runs the tests of the heap, the vm and the executable under qemu-aarch64; prints how many passed.
#   tools/test-arm.sh CROSS     CROSS: the folder that tools/setup-cross.sh made
# Model checks and stress run with few schedules: the emulator executes 10-15 times slower.
set -euo pipefail
. "${1:?usage: test-arm.sh CROSS}/env.sh"
cd "$(dirname "$0")/.."
target=aarch64-unknown-linux-gnu
# Tests that start processes start them under the emulator too.
export TXPY_TEST_RUNNER=$CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER
export TXPY_SHUTTLE_ITERS=${TXPY_SHUTTLE_ITERS:-20} TXPY_STRESS_SECS=${TXPY_STRESS_SECS:-0.3} TXPY_LOOM_SECS=1
log=$(mktemp) part=$(mktemp); trap 'rm -f "$log" "$part"' EXIT
status=0
run() {
  echo "== $*"
  cargo test --release --target $target --no-fail-fast "$@" > "$part" 2>&1 || status=1
  cat "$part" >> "$log"
  grep -E '^test .*FAILED|^test result|^error|panicked|Running| bad outcomes' "$part" || true
}
run -p txpy-heap -p txpy-vm --lib --tests
run -p txpy --test scripts -- --skip survive   # collections everywhere take the emulator too long
run -p txpy --test bad_input
run -p txpy --test exit
run -p txpy --test transactions --test stm_demos
run -p txpy-heap --features shuttle --test protocol_shuttle
cargo build --release --target $target -p txpy --quiet
sh tools/check-handlers.sh "${CARGO_TARGET_DIR:-target}/$target/release/txpy" aarch64-linux-gnu-objdump || status=1
awk '/^test result:/ { ok += $4; bad += $6; skipped += $8 } END { print "aarch64:", ok, "passed,", bad, "failed,", skipped, "ignored" }' "$log"
exit $status
