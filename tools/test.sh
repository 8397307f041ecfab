#!/bin/sh
# Runs all tests: units and fixtures, the heap's stress modes, the model checks of the ownership protocol, the handler check.
set -eu
cd "$(dirname "$0")/.."
export RUST_BACKTRACE=${RUST_BACKTRACE:-1}

echo "== units and fixtures"
cargo test --release --workspace --quiet

echo "== collections at every 997th safepoint, freed memory poisoned, the heap verified"
TXPY_GC_STRESS=997 TXPY_GC_POISON=1 TXPY_GC_VERIFY=1 cargo test --release -p txpy --test examples --test exit --quiet

echo "== the protocol under shuttle and loom"
TXPY_SHUTTLE_ITERS=${TXPY_SHUTTLE_ITERS:-300} cargo test --release -p txpy-heap --features shuttle --test protocol_shuttle --quiet
cargo test --release -p txpy-heap --features shuttle --test protocol_mutants --quiet
cargo test --release -p txpy-heap --features loom --test protocol_loom --quiet

echo "== handlers"
case $(uname -m) in
  x86_64) command -v objdump >/dev/null && cargo build --release -p txpy --quiet && tools/check-handlers.sh target/release/txpy ;;
  *) echo "skipped: the check reads x86-64 code" ;;
esac
