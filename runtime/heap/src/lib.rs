//! Values, objects, access words, allocation, collection, safepoints, transactions' logs.
pub mod protocol;
