//! The camera: on, off, and what it is doing in the window's words.

use camera::{CameraChoice, CameraProblem, CameraState, FeedParams};
use engine::{AppConfig, VirtualCameras};

use super::Tools;
use crate::view::{self, CameraView};

/// Runs the camera that the settings name.
pub(super) fn on(tools: &Tools) {
    let app =
        tools.desk.installation().map(|installation| installation.config.app.clone()).unwrap_or_default();
    let virtual_cameras = match app.virtual_cameras {
        VirtualCameras::Allow => camera::VirtualCameras::Allow,
        VirtualCameras::Warn => camera::VirtualCameras::Warn,
        VirtualCameras::Refuse => camera::VirtualCameras::Refuse,
    };
    tools.frames.open(choice(tools, &app), FeedParams { virtual_cameras, ..FeedParams::default() });
}

fn choice(tools: &Tools, app: &AppConfig) -> CameraChoice {
    #[cfg(feature = "demo")]
    if let Some(scene) = tools.demo.as_ref().and_then(super::demo::Demo::camera) {
        return scene;
    }
    #[cfg(not(feature = "demo"))]
    let _without_a_demo = tools;
    app.camera.clone().map_or(CameraChoice::Best, CameraChoice::Key)
}

/// What the camera is doing.
pub(super) fn view_of(state: Option<CameraState>) -> CameraView {
    match state {
        None | Some(CameraState::Starting) => CameraView::Starting,
        Some(CameraState::Live { name, width_px, height_px, fps, is_virtual }) => {
            // Whole frames, or the view would change all the time.
            CameraView::Live { name, width_px, height_px, fps: fps.round(), is_virtual }
        }
        Some(CameraState::Lost { problem, name }) => CameraView::Lost { problem: problem_of(problem), name },
    }
}

fn problem_of(problem: CameraProblem) -> view::CameraProblem {
    match problem {
        CameraProblem::Absent => view::CameraProblem::Absent,
        CameraProblem::Unplugged => view::CameraProblem::Unplugged,
        CameraProblem::Silent => view::CameraProblem::Silent,
        CameraProblem::Busy => view::CameraProblem::Busy,
        CameraProblem::Denied => view::CameraProblem::Denied,
        CameraProblem::Corrupt => view::CameraProblem::Corrupt,
        CameraProblem::NoUsableMode => view::CameraProblem::NoUsableMode,
        CameraProblem::VirtualRefused => view::CameraProblem::VirtualRefused,
        CameraProblem::Failed => view::CameraProblem::Failed,
    }
}
