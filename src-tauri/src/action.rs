//! What a person may do, as one closed type. The window sends nothing else; what does not fit the screen that is
//! shown is ignored, because a tap may arrive after the screen has changed.

use serde::Deserialize;

use crate::view::{Appearance, Language, SettingsValues};

/// Something a person did.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// Touched anything: somebody is there. Sent at most once a second.
    Touch,
    /// Switches the language, on any screen.
    ChooseLanguage {
        /// To this.
        language: Language,
    },
    /// Switches the appearance, on any screen.
    ChooseAppearance {
        /// To this.
        appearance: Appearance,
    },
    /// Opens help about the screen shown.
    OpenHelp,
    /// Leaves help, queue, settings or PIN.
    Back,
    /// Gives up this customer's session; everything of it is wiped.
    Cancel,
    /// Start: a new customer.
    Begin {
        /// The partner's id of the customer, if staff know it.
        customer_id: Option<String>,
    },
    /// Consent: agreed.
    Agree,
    /// Consent: declined.
    Decline,
    /// Card or selfie: take the picture now.
    Shutter,
    /// Card or selfie, after a failed try: go on.
    TryAgain,
    /// Selfie, locked: asks for the PIN.
    UnlockSelfie,
    /// Selfie, unlocked by staff: one more try.
    OneMoreTry,
    /// Selfie, unlocked by staff: one more try, without gestures.
    WithoutGestures,
    /// Flash: begin now.
    BeginFlash,
    /// Flash: go on without it.
    SkipFlash,
    /// Flash: this colour is on the screen now.
    FlashShown {
        /// Its place in the order, 0 for the first.
        index: u32,
    },
    /// Flash: the last colour's time is over.
    FlashDone,
    /// Review: this field is that value.
    Correct {
        /// Key of the field.
        key: String,
        /// What was typed or chosen.
        value: String,
    },
    /// Review: take back the last correction.
    Undo,
    /// Review: show or mask the NIK.
    ShowNik {
        /// Show it.
        is_shown: bool,
    },
    /// Review: all is right.
    Accept,
    /// Review: take the picture again.
    Retake,
    /// Submitting: do not wait for the partner.
    GoOn,
    /// Outcome: done.
    Finish,
    /// Opens the queue (staff and field).
    OpenQueue,
    /// Queue, and start in the field: opens or closes an item.
    OpenItem {
        /// Its name; `None` closes.
        id: Option<String>,
    },
    /// Queue: tries an item again now.
    RetryItem {
        /// Its name.
        id: String,
    },
    /// Queue: sends everything that waits, now.
    SendNow,
    /// Queue: writes an item's encrypted bundle and history to a file.
    ExportItem {
        /// Its name.
        id: String,
    },
    /// Queue: destroys a parked item's capture.
    DiscardItem {
        /// Its name.
        id: String,
        /// The PIN.
        pin: String,
        /// Why, for the audit chain.
        reason: String,
    },
    /// Opens the settings: asks for the PIN.
    OpenSettings,
    /// PIN: typed, or chosen for the first time.
    EnterPin {
        /// Six digits.
        pin: String,
    },
    /// Settings: save these.
    SaveSettings {
        /// All of them.
        values: SettingsValues,
    },
    /// Settings: choose another PIN.
    ChangePin,
    /// Settings: run the diagnostics.
    Diagnose,
    /// Settings: write the support bundle (no personal data, no secrets).
    ExportSupport,
    /// Demo: whether the stand-in partner answers.
    SetDemoOnline {
        /// It does.
        is_online: bool,
    },
    /// Demo: what the simulated camera plays, from its beginning.
    PlayScene {
        /// A name of `DemoView::scenes`.
        scene: String,
    },
}

/// PINs, ids and corrected values must not reach a log.
impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an action")
    }
}
