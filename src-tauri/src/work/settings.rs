//! Settings and the PIN that guards them.
//!
//! Invariant: what cannot be used is not saved, and the window hears which value it was; a setting that the environment
//! overrides is not written into the file.

use camera::Device;
use engine::{Config, GESTURES, IDLE_S, Installation, compose};
use gateway::identity_platform::Endpoint;
use vault::{PinAnswer, PinError, PinFile, PinParams};

use super::delivery::Delivery;
use super::{Tools, open};
use crate::controller::{Event, PinNews};
use crate::theme;
use crate::view::{CameraChoiceView, SettingsProblem, SettingsValues};

fn pin_file(installation: &Installation) -> PinFile {
    PinFile::new(installation.dir.pin_file(), PinParams::default())
}

/// Milliseconds as whole seconds, rounded up.
fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0).unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX)
}

/// Tries a PIN.
pub(super) fn try_pin(installation: &Installation, pin: &str) -> Result<PinAnswer, PinError> {
    pin_file(installation).check(pin, compose::now().as_millisecond())
}

/// Whether a PIN was chosen, and whether one may be tried.
pub(super) fn ask_pin(tools: &Tools) {
    let news = tools.desk.installation().map_or(PinNews::NotChosen, |installation| {
        let file = pin_file(&installation);
        match file.locked_ms(compose::now().as_millisecond()) {
            Ok(_) if !file.is_chosen() => PinNews::NotChosen,
            Ok(locked_ms) => PinNews::Asked { locked_s: seconds(locked_ms) },
            Err(error) => unusable(&error),
        }
    });
    tools.tell(Event::Pin(news));
}

/// Is it this one?
pub(super) fn check_pin(tools: &Tools, pin: &str) {
    let Ok(installation) = tools.desk.installation() else { return };
    let news = match try_pin(&installation, pin) {
        Ok(PinAnswer::Right) => PinNews::Right,
        Ok(PinAnswer::Wrong { locked_ms } | PinAnswer::Locked { locked_ms }) => {
            PinNews::Wrong { locked_s: seconds(locked_ms) }
        }
        Err(error) => unusable(&error),
    };
    tools.tell(Event::Pin(news));
}

/// It shall be this one.
pub(super) fn choose_pin(tools: &Tools, pin: &str) {
    let Ok(installation) = tools.desk.installation() else { return };
    let news = match pin_file(&installation).choose(pin) {
        Ok(()) => PinNews::Right,
        Err(error) => unusable(&error),
    };
    tools.tell(Event::Pin(news));
}

fn unusable(error: &PinError) -> PinNews {
    tracing::error!(%error, "the PIN cannot be used");
    PinNews::Wrong { locked_s: 0 }
}

/// Which cameras and themes are there?
pub(super) fn list_choices(tools: &Tools) {
    let cameras = camera::list_devices().unwrap_or_else(|error| {
        tracing::warn!(%error, "the cameras cannot be listed");
        Vec::new()
    });
    let themes =
        tools.desk.installation().map(|found| theme::names(&found.dir.themes_dir())).unwrap_or_default();
    tools.tell(Event::Choices(cameras.into_iter().map(camera_choice).collect(), themes));
}

fn camera_choice(device: Device) -> CameraChoiceView {
    let Device { key, name, is_virtual, is_infrared, .. } = device;
    CameraChoiceView { key, name, is_virtual, is_infrared }
}

/// Saves these, or says which of them cannot be used.
pub(super) fn save(tools: &Tools, values: &SettingsValues, delivery: &Delivery) {
    let Ok(installation) = tools.desk.installation() else { return };
    match checked(&installation, values).and_then(|config| write(&installation, &config)) {
        Ok(()) => {
            tools.desk.settings_changed();
            tools.tell(Event::Configured(Box::new(open::configured(tools, true))));
            delivery.reopen();
        }
        Err(problem) => tools.tell(Event::NotSaved(problem)),
    }
}

fn checked(installation: &Installation, values: &SettingsValues) -> Result<Config, SettingsProblem> {
    if values.gateway_url.as_deref().is_some_and(|url| Endpoint::parse(url).is_err()) {
        return Err(SettingsProblem::GatewayUrl);
    }
    if values.theme.as_deref().is_some_and(|name| theme::load(&installation.dir.themes_dir(), name).is_err())
    {
        return Err(SettingsProblem::Theme);
    }
    if !IDLE_S.contains(&values.idle_s) {
        return Err(SettingsProblem::IdleTime);
    }
    let mut config =
        Config::load(&installation.dir.config_file(), |_| None).map_err(|_| SettingsProblem::NotWritten)?;
    config.app = open::app_config(values, &config.app);
    config.selfie.gestures = values.gestures.clamp(*GESTURES.start(), *GESTURES.end());
    if values.gateway_url != installation.config.gateway.base_url {
        config.gateway.base_url.clone_from(&values.gateway_url);
    }
    Ok(config)
}

fn write(installation: &Installation, config: &Config) -> Result<(), SettingsProblem> {
    config.save(&installation.dir.config_file()).map_err(|error| {
        tracing::error!(%error, "the settings were not written");
        SettingsProblem::NotWritten
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation(folder: &std::path::Path) -> Installation {
        let environment =
            |name: &str| (name == engine::GATEWAY_URL_VARIABLE).then(|| "http://127.0.0.1:9/identity".into());
        Installation::open_with(Some(folder.join("data")), environment).unwrap()
    }

    fn values(installation: &Installation, change: impl FnOnce(&mut SettingsValues)) -> SettingsValues {
        let mut values = open::values(&installation.config);
        change(&mut values);
        values
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let installation = installation(folder.path());
        let check = |change: fn(&mut SettingsValues), expected| {
            assert_eq!(checked(&installation, &values(&installation, change)).err(), expected);
        };
        check(|_| {}, None);
        check(
            |values| values.gateway_url = Some("http://example.id".into()),
            Some(SettingsProblem::GatewayUrl),
        );
        check(|values| values.theme = Some("../etc".into()), Some(SettingsProblem::Theme));
        check(|values| values.theme = Some("contoh".into()), None);
        check(|values| values.idle_s = 5, Some(SettingsProblem::IdleTime));
        let many = checked(&installation, &values(&installation, |values| values.gestures = 9)).unwrap();
        assert_eq!(many.selfie.gestures, 3);
    }

    #[test]
    fn what_the_environment_says_is_not_written_into_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let installation = installation(folder.path());
        let unchanged = checked(&installation, &values(&installation, |values| values.idle_s = 60)).unwrap();
        assert_eq!((unchanged.gateway.base_url, unchanged.app.idle_s), (None, 60));
        let typed =
            |values: &mut SettingsValues| values.gateway_url = Some("https://example.id/identity".into());
        let changed = checked(&installation, &values(&installation, typed)).unwrap();
        assert_eq!(changed.gateway.base_url.as_deref(), Some("https://example.id/identity"));
    }
}
