//! The desktop application: a window over the `engine`, and the only crate that names tauri.
//!
//! Rust decides, the window renders: every command answers with a type of [`view`]. Deliberately lacks a path from
//! the window to files, network or shell; its capability allows our own commands and nothing else.

pub mod action;
#[cfg(test)]
mod bindings;
mod commands;
#[cfg(test)]
mod controller;
mod desk;
#[cfg(test)]
mod frames;
#[cfg(test)]
mod taken;
#[cfg(test)]
mod theme;
pub mod view;

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::desk::Desk;

/// Opens the window and runs until it is closed.
pub fn run() -> Result<()> {
    let filter = EnvFilter::try_from_env("LOKET_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    tauri::Builder::default()
        .manage(Desk::default())
        .invoke_handler(tauri::generate_handler![commands::status])
        .run(tauri::generate_context!())
        .context("the window cannot be opened; without a desktop use loketctl")
}
