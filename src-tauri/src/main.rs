//! The desktop application's entry point.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<std::process::ExitCode> {
    loket_app::run()
}
