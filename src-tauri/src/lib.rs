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
mod launcher;
mod renderer;
mod shell;
mod start;
mod taken;
mod theme;
pub mod view;
mod work;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser as _;
use launch::{Door, HandOverCode, Opened};
use tauri::{Manager as _, WindowEvent};
use tracing_subscriber::EnvFilter;

use crate::desk::Desk;
use crate::shell::TauriShell;
use crate::start::{Command, Start};
use crate::work::{Arrivals, Window};

/// Does what the application was started for: opens the window and runs until it is closed, or reaches the window of
/// another process.
pub fn run() -> Result<ExitCode> {
    let start = Start::parse();
    if let Some(Command::Launch(arguments)) = &start.command {
        log();
        return launcher::run(&start, arguments);
    }
    let link = start.link.as_deref().map(HandOverCode::of_link).transpose()?;
    renderer::choose();
    log();
    open(&start, link).map(|()| ExitCode::SUCCESS)
}

fn log() {
    let filter = EnvFilter::try_from_env("LOKET_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Opens the window, unless another process has it: then that one shows itself.
fn open(start: &Start, link: Option<HandOverCode>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let handle = runtime.handle().clone();
    let door = {
        let _tokio = handle.enter();
        match first_door(start) {
            Some(Opened::Taken) => return launcher::reach_other(start, link.as_ref()),
            Some(Opened::First(door)) => Some(door),
            None => None,
        }
    };
    #[cfg(feature = "demo")]
    let demo = work::demo::wanted(start, &handle)?;
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
                Arrivals { door, link },
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

/// The door of this installation. Without one the window opens all the same, and says itself what is wrong.
fn first_door(start: &Start) -> Option<Opened> {
    let dir = start.data_dir().inspect_err(|error| tracing::error!(%error, "no launches")).ok()?;
    Door::open(dir.path()).inspect_err(|error| tracing::error!(%error, "no launches")).ok()
}

fn own_desk() -> Desk {
    Desk::new(None, Arc::new(engine::compose::environment))
}
