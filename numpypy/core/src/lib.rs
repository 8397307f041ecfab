//! N-dimensional arrays without Python: dtypes, layouts, casting, loops, printing.
