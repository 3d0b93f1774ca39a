//! The window itself, by tauri's hand.

use tauri::{AppHandle, Emitter as _, Manager as _, WebviewWindow};

use crate::view::AppView;
use crate::work::Shell;

/// The one window's label, as in `tauri.conf.json`.
pub(crate) const LABEL: &str = "main";
/// The one event the window hears.
const VIEW: &str = "view";

/// The window of a running application.
pub(crate) struct TauriShell(pub AppHandle);

impl TauriShell {
    fn window(&self) -> Option<WebviewWindow> {
        self.0.get_webview_window(LABEL)
    }
}

fn logged(done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "the window did not take it");
    }
}

impl Shell for TauriShell {
    fn show(&self, view: &AppView) {
        logged(self.0.emit_to(LABEL, VIEW, view));
    }

    fn kiosk(&self, is_locked: bool) {
        let Some(window) = self.window() else { return };
        logged(window.set_decorations(!is_locked));
        logged(window.set_always_on_top(is_locked));
        logged(window.set_fullscreen(is_locked));
    }

    fn raise(&self) {
        let Some(window) = self.window() else { return };
        logged(window.unminimize());
        logged(window.show());
        logged(window.set_focus());
    }

    fn quit(&self) {
        self.0.exit(0);
    }
}
