//! Everything Python 3 changes against 2.7.
