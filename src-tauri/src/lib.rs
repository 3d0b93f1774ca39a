//! The desktop application: a window over the `engine`, and the only crate that names tauri.
//!
//! Rust decides, the window renders: the [`controller`] turns events into a view and wishes, [`work`] carries the wishes
//! out, every command answers with a type of [`view`]. Deliberately lacks a path from the window to files, network or
//! shell; its capability allows our own commands and nothing else.

pub mod action;
#[cfg(test)]
mod bindings;
mod commands;
mod controller;
mod desk;
mod frames;
mod renderer;
mod shell;
mod taken;
mod theme;
pub mod view;
mod work;

use std::sync::Arc;

use anyhow::{Context, Result};
use tauri::{Manager as _, WindowEvent};
use tracing_subscriber::EnvFilter;

use crate::desk::Desk;
use crate::shell::TauriShell;
use crate::work::Window;

/// Opens the window and runs until it is closed.
pub fn run() -> Result<()> {
    renderer::choose();
    let filter = EnvFilter::try_from_env("LOKET_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let handle = runtime.handle().clone();
    #[cfg(feature = "demo")]
    let demo = work::demo::wanted(&handle)?;
    #[cfg(feature = "demo")]
    let desk = demo.as_ref().map_or_else(own_desk, work::demo::Demo::desk);
    #[cfg(not(feature = "demo"))]
    let desk = own_desk();
    tauri::Builder::default()
        .setup(move |app| {
            let shell = Box::new(TauriShell(app.handle().clone()));
            app.manage(Window::begin(
                desk,
                handle,
                #[cfg(feature = "demo")]
                demo,
                shell,
            )?);
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event
                && window.state::<Window>().ask_to_close()
            {
                api.prevent_close();
            }
        })
        .invoke_handler(tauri::generate_handler![
            commands::view,
            commands::act,
            commands::frame,
            commands::card_picture,
            commands::logo
        ])
        .run(tauri::generate_context!())
        .context("the window cannot be opened; without a desktop use loketctl")
}

fn own_desk() -> Desk {
    Desk::new(None, Arc::new(engine::compose::environment))
}
