//! A diary of bee hives.

pub mod hive;
pub mod report;
pub mod scale;
