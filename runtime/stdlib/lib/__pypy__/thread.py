"""Atomic blocks of threads."""
from _transaction import atomic, getsegmentlimit, hint_commit_soon, is_atomic, should_break_transaction
