//! Getting ready: installation, settings, queue, nets, theme.
//!
//! Invariant: nothing here stops the window from opening; what is missing is told.

use engine::{
    AppAppearance, AppConfig, AppLanguage, AppMode, CaptureFlow, Config, Installation, Provider,
    VirtualCameras,
};

use super::{Tools, queue};
use crate::controller::{Configured, Event};
use crate::theme::{self, Theme};
use crate::view::{Appearance, FlowView, Language, Mode, SettingsValues, VirtualCameraPolicy};

/// Looks at everything, then loads the nets, so that the first customer does not wait for them.
pub(super) fn open(tools: &Tools) {
    #[cfg(feature = "demo")]
    if let Some(demo) = &tools.demo {
        tools.tell(Event::Demo(demo.view()));
    }
    tools.tell(Event::Opened(Box::new(tools.desk.status())));
    queue::look(tools, None);
    if let Err(error) = tools.reader.get() {
        tracing::error!(%error, "the nets cannot be loaded");
    }
    if let Err(error) = tools.faces.get() {
        tracing::error!(%error, "the nets that read faces cannot be loaded");
    }
}

/// The settings in force; those of a fresh installation where they cannot be read.
pub(super) fn configured(tools: &Tools, is_saved: bool) -> Configured {
    let Ok(installation) = tools.desk.installation() else {
        return of(&Config::default(), None, String::new(), is_saved);
    };
    let theme = theme_of(&installation);
    tools.frames.show_logo(theme.as_ref().and_then(|theme| theme.logo.clone()));
    let configured = of(&installation.config, theme, installation.dir.path().display().to_string(), is_saved);
    #[cfg(feature = "demo")]
    if tools.demo.is_some() {
        return Configured { recipient: Some(super::demo::PARTNER.to_owned()), ..configured };
    }
    configured
}

fn theme_of(installation: &Installation) -> Option<Theme> {
    let name = installation.config.app.theme.as_deref()?;
    theme::load(&installation.dir.themes_dir(), name)
        .inspect_err(|error| tracing::warn!(%error, "the theme cannot be used"))
        .ok()
}

fn of(config: &Config, theme: Option<Theme>, data_dir: String, is_saved: bool) -> Configured {
    let days = |days: u32| (days > 0).then_some(days);
    let partner = theme.as_ref().map(|theme| theme.view.name.clone());
    Configured {
        values: values(config),
        recipient: partner.or_else(|| partner_host(config)),
        theme,
        flow: match config.app.flow {
            CaptureFlow::KtpScan => FlowView::KtpScan,
            CaptureFlow::SelfieLiveness => FlowView::SelfieLiveness,
            CaptureFlow::IdentityVerification => FlowView::IdentityVerification,
        },
        knows_light: config.gateway.provider != Provider::Onekyc,
        data_dir,
        receipt_days: days(config.retention.receipts_days),
        capture_days: days(config.retention.parked_captures_days),
        is_saved,
    }
}

fn partner_host(config: &Config) -> Option<String> {
    let (whole, steps) = (config.gateway.base_url.as_deref(), config.onekyc.base_url.as_deref());
    match config.gateway.provider {
        Provider::IdentityPlatform => whole.and_then(host),
        Provider::Onekyc => steps.and_then(host),
        Provider::Both => Some(format!("{}, {}", steps.and_then(host)?, whole.and_then(host)?)),
    }
}

/// The partner's name where no theme has one: the host its gateway lives on.
pub(super) fn host(url: &str) -> Option<String> {
    let host = url.split("://").nth(1)?.split(['/', ':']).next()?;
    (!host.is_empty()).then(|| host.to_owned())
}

pub(super) fn values(config: &Config) -> SettingsValues {
    let AppConfig {
        flow: _,
        mode,
        language,
        appearance,
        theme,
        camera,
        virtual_cameras,
        uses_flash,
        shows_measures,
        idle_s,
    } = config.app.clone();
    SettingsValues {
        gestures: config.selfie.gestures,
        mode: match mode {
            AppMode::Staff => Mode::Staff,
            AppMode::SelfService => Mode::SelfService,
            AppMode::Field => Mode::Field,
        },
        language: match language {
            AppLanguage::Id => Language::Id,
            AppLanguage::En => Language::En,
        },
        appearance: match appearance {
            AppAppearance::System => Appearance::System,
            AppAppearance::Light => Appearance::Light,
            AppAppearance::Dark => Appearance::Dark,
            AppAppearance::Contrast => Appearance::Contrast,
        },
        theme,
        camera,
        virtual_cameras: match virtual_cameras {
            VirtualCameras::Allow => VirtualCameraPolicy::Allow,
            VirtualCameras::Warn => VirtualCameraPolicy::Warn,
            VirtualCameras::Refuse => VirtualCameraPolicy::Refuse,
        },
        gateway_url: config.gateway.base_url.clone(),
        uses_flash,
        shows_measures,
        idle_s,
    }
}

/// The same in the settings file's words; what the window does not set stays as it was.
pub(super) fn app_config(values: &SettingsValues, before: &AppConfig) -> AppConfig {
    AppConfig {
        flow: before.flow,
        mode: match values.mode {
            Mode::Staff => AppMode::Staff,
            Mode::SelfService => AppMode::SelfService,
            Mode::Field => AppMode::Field,
        },
        language: match values.language {
            Language::Id => AppLanguage::Id,
            Language::En => AppLanguage::En,
        },
        appearance: match values.appearance {
            Appearance::System => AppAppearance::System,
            Appearance::Light => AppAppearance::Light,
            Appearance::Dark => AppAppearance::Dark,
            Appearance::Contrast => AppAppearance::Contrast,
        },
        theme: values.theme.clone(),
        camera: values.camera.clone(),
        virtual_cameras: match values.virtual_cameras {
            VirtualCameraPolicy::Allow => VirtualCameras::Allow,
            VirtualCameraPolicy::Warn => VirtualCameras::Warn,
            VirtualCameraPolicy::Refuse => VirtualCameras::Refuse,
        },
        uses_flash: values.uses_flash,
        shows_measures: values.shows_measures,
        idle_s: values.idle_s,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_the_way_to_the_window_and_back() {
        let mut config = Config::default();
        config.app.mode = AppMode::SelfService;
        config.app.language = AppLanguage::En;
        config.app.appearance = AppAppearance::Contrast;
        config.app.virtual_cameras = VirtualCameras::Refuse;
        config.app.camera = Some("usb:1:SN0001".to_owned());
        config.app.idle_s = 45;
        assert_eq!(app_config(&values(&config), &config.app), config.app);
    }

    #[test]
    fn a_partner_without_a_theme_is_named_by_its_host() {
        assert_eq!(host("https://sandbox.example.id/identity").as_deref(), Some("sandbox.example.id"));
        assert_eq!(host("http://127.0.0.1:4010/identity").as_deref(), Some("127.0.0.1"));
        assert_eq!(host("nonsense"), None);
    }
}
