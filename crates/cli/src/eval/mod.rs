//! Measuring the reader: truth, judgement, counts, calibration, report.
//!
//! Invariant: what is counted depends on truths and answers alone, so two runs over the same answers print the
//! same numbers. Deliberately absent: reading pictures.

pub mod calibration;
pub mod evaluation;
pub mod percentiles;
pub mod plot;
pub mod report;
pub mod score;
pub mod truth;
