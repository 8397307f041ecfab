//! What scripts see of numpy: ndarray, dtype, ufunc.
