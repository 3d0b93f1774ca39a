//! What the window may ask. Bodies only call; decisions live in [`crate::desk`] and in the engine.

use tauri::State;

use crate::desk::Desk;
use crate::view::StatusView;

/// Version, models and the state of the queue.
#[tauri::command(async)]
pub fn status(desk: State<'_, Desk>) -> StatusView {
    desk.status()
}
