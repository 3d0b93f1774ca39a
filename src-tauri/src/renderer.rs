//! The web view's way of drawing, chosen before it starts.
//!
//! Without a graphics processor WebKitGTK's default way moves a picture three times slower (measured: 44 ms from camera
//! to screen against 13). It reads its choice from the environment when it is loaded; a process cannot change its own
//! environment safely, so this one starts itself anew. Deliberately lacks effect where a choice was made already.

/// Chooses.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    use std::os::unix::process::CommandExt as _;
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(VARIABLE).is_some() || has_graphics() {
        return;
    }
    let Ok(own) = std::env::current_exe() else { return };
    let error = std::process::Command::new(own).args(std::env::args_os().skip(1)).env(VARIABLE, "1").exec();
    // Slower, but it works.
    eprintln!("the web view's renderer could not be chosen: {error}");
}

/// Whether there is a render node.
#[cfg(target_os = "linux")]
fn has_graphics() -> bool {
    let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    nodes.into_iter().any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
}

/// Other systems' web views choose for themselves.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}
