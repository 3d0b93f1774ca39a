//! OneKYC's clients against the strict simulator: every row of the contract's tables, and whole journeys.

mod bench;
mod decoders;
mod ends;
mod journeys;
mod next_actions;
mod object_store;
mod reasons;
mod refusals;
mod servers;
mod spellings;
mod storage;
mod strict;
