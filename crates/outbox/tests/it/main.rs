//! The queue on real files: order, crashes, keys, full disks, and what can be read without a key.

mod accept;
mod at_rest;
mod audit;
mod delivery;
mod full_disk;
mod leases;
mod opening;
mod processes;
mod retention;
mod support;
