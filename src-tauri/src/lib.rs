//! The desktop application.

/// Opens the window and runs until it is closed.
pub fn run() {
    tauri::Builder::default()
        .run(tauri::generate_context!())
        .expect("the window system is available");
}
