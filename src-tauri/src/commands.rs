//! What the window may ask. Bodies only call; decisions live in [`crate::controller`].

use tauri::State;
use tauri::ipc::Response;

use crate::action::Action;
use crate::view::AppView;
use crate::work::Window;

/// What to show now.
#[tauri::command]
pub fn view(window: State<'_, Window>) -> AppView {
    window.view()
}

/// What a person did.
#[tauri::command]
pub fn act(window: State<'_, Window>, action: Action) {
    window.act(action);
}

/// A camera frame newer than `after`: a header of 24 bytes, then a JPEG; empty if none comes within a second.
#[tauri::command]
pub async fn frame(window: State<'_, Window>, after: u64) -> Result<Response, ()> {
    let frames = window.frames();
    let next = tauri::async_runtime::spawn_blocking(move || frames.next(after));
    next.await.map(Response::new).map_err(drop)
}

/// The straightened card of the review, a JPEG; empty if there is none.
#[tauri::command]
pub fn card_picture(window: State<'_, Window>) -> Response {
    Response::new(window.frames().card())
}

/// The partner's logo, a PNG; empty if there is none.
#[tauri::command]
pub fn logo(window: State<'_, Window>) -> Response {
    Response::new(window.frames().logo())
}
