#!/bin/sh
# Runs all tests: units and fixtures, the heap's stress modes, test functions of CPython's in blocks that are rolled back (where a CPython of
# that language is installed; run.py --in-blocks without files runs all of them), the model checks of the ownership protocol, the handler check.
set -eu
cd "$(dirname "$0")/.."
export RUST_BACKTRACE=${RUST_BACKTRACE:-1}

echo "== units and fixtures"
cargo test --release --workspace --quiet

echo "== collections at every 997th safepoint, freed memory poisoned, the heap verified"
TXPY_GC_STRESS=997 TXPY_GC_POISON=1 TXPY_GC_VERIFY=1 cargo test --release -p txpy --test examples --test exit --quiet

echo "== each test function in a block, aborted at every 997th chance"
for language in 2.7 3.13; do
  if PYTHONPATH=compat-tests python3 -c "import harness; harness.find_cpython('$language')" 2>/dev/null; then
    python3 compat-tests/cpython/run.py --txpy "${CARGO_TARGET_DIR:-target}/release/txpy" --language $language --in-blocks --jobs 1 --check \
      test_types test_list test_dict test_generators test_exceptions test_csv test_collections test_datetime test_random test_copy test_codecs test_struct
  else
    echo "skipped: no CPython $language"
  fi
done

echo "== the protocol under shuttle and loom"
TXPY_SHUTTLE_ITERS=${TXPY_SHUTTLE_ITERS:-300} cargo test --release -p txpy-heap --features shuttle --test protocol_shuttle --quiet
cargo test --release -p txpy-heap --features shuttle --test protocol_mutants --quiet
cargo test --release -p txpy-heap --features loom --test protocol_loom --quiet

echo "== handlers"
case $(uname -m) in
  x86_64) command -v objdump >/dev/null && cargo build --release -p txpy --quiet && tools/check-handlers.sh target/release/txpy ;;
  *) echo "skipped: the check reads x86-64 code" ;;
esac
