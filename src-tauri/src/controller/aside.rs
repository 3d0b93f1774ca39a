//! What lies over a visit or the start: help, queue, PIN, settings.
//!
//! Invariant: help may be opened on any screen and gives it back; queue and settings only between two visits, so that
//! nothing changes under a customer.

use super::event::{PinNews, QueueNews};
use crate::view::{
    CameraChoiceView, CameraView, DiagnosticView, FlashSubject, FlashView, HelpTopic, HelpView, PinPurpose,
    PinView, QueueScreenView, ScreenView, SettingsProblem, SettingsValues, SettingsView,
};

/// What lies over the rest.
pub(crate) enum Aside {
    /// Help.
    Help(HelpTopic),
    /// The queue.
    Queue(QueueAside),
    /// A PIN is asked for.
    Pin(PinAside),
    /// The settings.
    Settings(Box<SettingsAside>),
}

/// The queue.
#[derive(Default)]
pub(crate) struct QueueAside {
    /// As it was looked at last.
    pub news: QueueNews,
    /// The item that is open.
    pub open: Option<String>,
    /// The file that an export wrote.
    pub exported_to: Option<String>,
}

impl QueueAside {
    pub(crate) fn view(&self, is_sending: bool) -> QueueScreenView {
        let news = &self.news;
        QueueScreenView {
            counts: news.counts.unwrap_or_default(),
            items: news.items.clone(),
            open: news.open.clone().filter(|open| Some(&open.item.id) == self.open.as_ref()),
            is_sending,
            free_bytes: news.free_bytes,
            captures_left: news.captures_left,
            exported_to: self.exported_to.clone(),
            problem: news.problem,
        }
    }
}

/// A PIN is asked for.
pub(crate) struct PinAside {
    opens: PinPurpose,
    /// What is shown: what it opens, or that one is chosen first.
    purpose: PinPurpose,
    is_wrong: bool,
    locked_until_ms: u64,
}

impl PinAside {
    pub(crate) fn new(purpose: PinPurpose) -> Self {
        Self { opens: purpose, purpose, is_wrong: false, locked_until_ms: 0 }
    }

    pub(crate) fn purpose(&self) -> PinPurpose {
        self.purpose
    }

    /// What it was asked for.
    pub(crate) fn opens(&self) -> PinPurpose {
        self.opens
    }

    /// Takes an answer in; whether it opens.
    pub(crate) fn learn(&mut self, news: PinNews, now_ms: u64) -> bool {
        let until = |locked_s: u32| now_ms + u64::from(locked_s) * 1000;
        match news {
            PinNews::NotChosen => self.purpose = PinPurpose::Choose,
            PinNews::Asked { locked_s } => self.locked_until_ms = until(locked_s),
            PinNews::Wrong { locked_s } => (self.is_wrong, self.locked_until_ms) = (true, until(locked_s)),
            PinNews::Right => return true,
        }
        false
    }

    pub(crate) fn view(&self, now_ms: u64) -> PinView {
        let left_s = self.locked_until_ms.saturating_sub(now_ms).div_ceil(1000);
        PinView {
            purpose: self.purpose,
            is_wrong: self.is_wrong,
            locked_s: u32::try_from(left_s).unwrap_or(u32::MAX),
        }
    }
}

/// The settings.
#[derive(Default)]
pub(crate) struct SettingsAside {
    /// The cameras there are.
    pub cameras: Vec<CameraChoiceView>,
    /// The themes there are.
    pub themes: Vec<String>,
    /// Diagnostics; empty while they run.
    pub diagnostics: Option<Vec<DiagnosticView>>,
    /// Why the last values were not saved.
    pub rejected: Option<SettingsProblem>,
    /// The file of the support bundle.
    pub exported_to: Option<String>,
}

impl SettingsAside {
    pub(crate) fn view(&self, values: &SettingsValues, data_dir: &str, camera: &CameraView) -> SettingsView {
        SettingsView {
            values: values.clone(),
            cameras: self.cameras.clone(),
            camera: camera.clone(),
            themes: self.themes.clone(),
            data_dir: data_dir.to_owned(),
            diagnostics: self.diagnostics.clone(),
            rejected: self.rejected,
            exported_to: self.exported_to.clone(),
        }
    }
}

/// What help is about on this screen.
pub(crate) fn topic(screen: &ScreenView) -> HelpTopic {
    match screen {
        ScreenView::Flash(
            FlashView::Announced { subject: FlashSubject::Face, .. }
            | FlashView::Playing { subject: FlashSubject::Face, .. },
        ) => HelpTopic::Selfie,
        ScreenView::Card(_) | ScreenView::Flash(_) | ScreenView::Reading(_) => HelpTopic::Card,
        ScreenView::Selfie(_) | ScreenView::SelfieLocked(_) => HelpTopic::Selfie,
        ScreenView::Review(_) => HelpTopic::Review,
        ScreenView::Queue(_) => HelpTopic::Queue,
        ScreenView::Help(HelpView { topic }) => *topic,
        ScreenView::Opening(_)
        | ScreenView::Start(_)
        | ScreenView::Consent(_)
        | ScreenView::Submitting(_)
        | ScreenView::Outcome(_)
        | ScreenView::Pin(_)
        | ScreenView::Settings(_) => HelpTopic::General,
    }
}
