//! A partner's look: `themes/<name>/theme.toml` or `theme.json` in the data folder, checked when it is read.
//!
//! Invariant: a theme never makes a text unreadable (contrast is computed), never brings code (a logo is decoded and
//! written anew as PNG), and never stops the window: what cannot be used is an error with a name, and Loket's own
//! look stays. What a screen has of its own lies over what is for all. Deliberately lacks: vector logos, which are programs in disguise, and fonts from files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::view::{CopyView, PartnerThemeView};

/// More than any theme file.
const MAX_THEME_BYTES: u64 = 64 * 1024;
/// A logo beside a headline needs no more.
const MAX_LOGO_BYTES: u64 = 200 * 1000;
/// WCAG 2.2, 1.4.3: text against its surface.
const LEAST_CONTRAST: f64 = 4.5;
/// The window's light and dark surfaces (ui/src/app.css), against which accents are read.
const LIGHT_SURFACE: Rgb = Rgb([0xff, 0xff, 0xff]);
const DARK_SURFACE: Rgb = Rgb([0x16, 0x1b, 0x1a]);
/// The theme that comes with the software, as an example to copy.
const EXAMPLE: &str = include_str!("../../assets/themes/contoh/theme.toml");
const EXAMPLE_NAME: &str = "contoh";

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ThemeError {
    /// Its name is no plain folder name.
    #[error("{0:?} is no name of a theme")]
    Name(String),
    /// Its file cannot be read.
    #[error("cannot use {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A colour is not `#rrggbb`.
    #[error("{0} is no colour like #0f766e")]
    Colour(String),
    /// Text in this colour could not be read.
    #[error("{colour} has a contrast of {contrast:.1} against its surface, {LEAST_CONTRAST} is needed")]
    Contrast {
        /// The colour.
        colour: String,
        /// What was computed.
        contrast: f64,
    },
    /// The logo is too large or no PNG.
    #[error("the logo cannot be used: {0}")]
    Logo(String),
}

/// A theme that was checked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Theme {
    /// What the window shows.
    pub view: PartnerThemeView,
    /// The logo, as PNG written by us.
    pub logo: Option<Vec<u8>>,
    /// What single screens have of their own, by name: checked too.
    screens: BTreeMap<String, ScreenTheme>,
}

impl Theme {
    /// The look of one screen, by its name as the window knows it.
    pub(crate) fn on(&self, screen: &str) -> PartnerThemeView {
        let mut view = self.view.clone();
        let Some(own) = self.screens.get(screen) else { return view };
        let over = |value: &mut String, own: &Option<String>| {
            if let Some(own) = own {
                value.clone_from(own);
            }
        };
        over(&mut view.accent, &own.accent);
        over(&mut view.accent_dark, &own.accent_dark);
        view.font = own.font.clone().or(view.font);
        view.copy.extend(own.copy.clone());
        view
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    /// Where editors find the schema; says nothing to us.
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    name: String,
    accent: String,
    #[serde(alias = "accentDark")]
    accent_dark: String,
    font: Option<String>,
    logo: Option<String>,
    #[serde(default)]
    copy: BTreeMap<String, CopyView>,
    #[serde(default)]
    screens: BTreeMap<String, ScreenTheme>,
}

/// What a screen has of its own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ScreenTheme {
    accent: Option<String>,
    #[serde(alias = "accentDark")]
    accent_dark: Option<String>,
    font: Option<String>,
    copy: BTreeMap<String, CopyView>,
}

/// The screens there are, as the window knows them.
const SCREENS: [&str; 14] = [
    "opening",
    "start",
    "consent",
    "card",
    "selfie",
    "flash",
    "reading",
    "review",
    "submitting",
    "outcome",
    "queue",
    "pin",
    "settings",
    "help",
];

/// Names of the themes in `folder` and of the one that comes with the software, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let has_file = |entry: &std::fs::DirEntry| {
        ["theme.toml", "theme.json"].iter().any(|file| entry.path().join(file).is_file())
    };
    let own = entries.filter(has_file).filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = own.chain([EXAMPLE_NAME.to_owned()]).collect();
    names.sort();
    names.dedup();
    names
}

/// Reads and checks a theme of `folder`; one there wins over the one that comes with the software.
pub(crate) fn load(folder: &Path, name: &str) -> Result<Theme, ThemeError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(ThemeError::Name(name.to_owned()));
    }
    let own = folder.join(name);
    let (toml, json) = (own.join("theme.toml"), own.join("theme.json"));
    if !toml.exists() && !json.exists() && name == EXAMPLE_NAME {
        return checked(&toml, EXAMPLE, &own);
    }
    let file = if toml.exists() { toml } else { json };
    let text = read(&file, MAX_THEME_BYTES)?;
    let text = String::from_utf8(text).map_err(|error| unreadable(&file, error.to_string()))?;
    checked(&file, &text, &own)
}

fn checked(file: &Path, text: &str, folder: &Path) -> Result<Theme, ThemeError> {
    let is_json = file.extension().is_some_and(|extension| extension == "json");
    let parsed: Result<ThemeFile, String> = if is_json {
        serde_json::from_str(text).map_err(|error| error.to_string())
    } else {
        toml::from_str(text).map_err(|error| error.to_string())
    };
    let theme = parsed.map_err(|reason| unreadable(file, reason))?;
    let accent = readable(&theme.accent, LIGHT_SURFACE)?;
    let accent_dark = readable(&theme.accent_dark, DARK_SURFACE)?;
    let logo = theme.logo.as_deref().map(|name| logo(folder, name)).transpose()?;
    let view = PartnerThemeView {
        name: theme.name,
        accent,
        accent_dark,
        font: theme.font.filter(|font| is_font(font)),
        has_logo: logo.is_some(),
        copy: theme.copy,
    };
    let screens =
        theme.screens.into_iter().map(|(name, own)| Ok((screen_name(file, name)?, of_screen(own)?)));
    Ok(Theme { view, logo, screens: screens.collect::<Result<_, ThemeError>>()? })
}

fn is_font(font: &str) -> bool {
    font.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-')
}

fn screen_name(file: &Path, name: String) -> Result<String, ThemeError> {
    if SCREENS.contains(&name.as_str()) {
        return Ok(name);
    }
    Err(unreadable(file, format!("there is no screen {name:?}")))
}

fn of_screen(own: ScreenTheme) -> Result<ScreenTheme, ThemeError> {
    let readable = |colour: Option<String>, surface| colour.map(|text| readable(&text, surface)).transpose();
    Ok(ScreenTheme {
        accent: readable(own.accent, LIGHT_SURFACE)?,
        accent_dark: readable(own.accent_dark, DARK_SURFACE)?,
        font: own.font.filter(|font| is_font(font)),
        copy: own.copy,
    })
}

fn unreadable(path: &Path, reason: String) -> ThemeError {
    ThemeError::Unreadable { path: path.to_owned(), reason }
}

fn read(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, ThemeError> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, error.to_string()))?;
    if metadata.len() > limit_bytes {
        return Err(unreadable(path, format!("it is larger than {limit_bytes} bytes")));
    }
    std::fs::read(path).map_err(|error| unreadable(path, error.to_string()))
}

/// Only pixels pass: the picture is decoded and written anew.
fn logo(folder: &Path, name: &str) -> Result<Vec<u8>, ThemeError> {
    let refused = |reason: String| ThemeError::Logo(reason);
    if Path::new(name).components().count() != 1 || !name.ends_with(".png") {
        return Err(refused(format!("{name} is no PNG beside the theme's file")));
    }
    let bytes = read(&folder.join(name), MAX_LOGO_BYTES).map_err(|error| refused(error.to_string()))?;
    let mut reader = image::ImageReader::with_format(std::io::Cursor::new(bytes), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(4096), Some(4096));
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| refused(error.to_string()))?;
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .thumbnail(1024, 512)
        .to_rgba8()
        .write_to(&mut out, image::ImageFormat::Png)
        .map_err(|error| refused(error.to_string()))?;
    Ok(out.into_inner())
}

/// The colour in lower case, if text in it can be read on `surface`.
fn readable(text: &str, surface: Rgb) -> Result<String, ThemeError> {
    let colour = Rgb::parse(text).ok_or_else(|| ThemeError::Colour(text.to_owned()))?;
    let contrast = colour.contrast(surface);
    if contrast < LEAST_CONTRAST {
        return Err(ThemeError::Contrast { colour: text.to_owned(), contrast });
    }
    Ok(text.to_ascii_lowercase())
}

#[derive(Clone, Copy)]
struct Rgb([u8; 3]);

impl Rgb {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self([channel(0)?, channel(2)?, channel(4)?]))
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |code: u8| {
            let value = f64::from(code) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.0.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(name: &str, text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(name);
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join("theme.toml"), text).unwrap();
        folder
    }

    const GOOD: &str = "name = \"Bank Contoh\"\naccent = \"#8A1538\"\naccent_dark = \"#ff9eb5\"\n";

    #[test]
    fn the_example_is_always_there_and_usable() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(names(folder.path()), [EXAMPLE_NAME]);
        let theme = load(folder.path(), EXAMPLE_NAME).unwrap();
        assert!(!theme.view.copy.is_empty() && theme.logo.is_none());
    }

    #[test]
    fn a_good_theme_is_read() {
        let folder = folder_with("bank", GOOD);
        assert_eq!(names(folder.path()), ["bank", EXAMPLE_NAME]);
        let theme = load(folder.path(), "bank").unwrap();
        assert_eq!((theme.view.name.as_str(), theme.view.accent.as_str()), ("Bank Contoh", "#8a1538"));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        #[track_caller]
        fn check(text: &str, says: &str) {
            let folder = folder_with("bank", text);
            let error = load(folder.path(), "bank").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        check("name = \"x\"", "accent");
        check(&GOOD.replace("#8A1538", "red"), "no colour");
        check(&GOOD.replace("#8A1538", "#ffcc00"), "contrast");
        check(&GOOD.replace("#ff9eb5", "#101010"), "contrast");
        check(&format!("{GOOD}script = \"x\""), "script");
        check(&format!("{GOOD}logo = \"../key.png\""), "no PNG beside");
        check(&format!("{GOOD}logo = \"logo.svg\""), "no PNG beside");
        check(&"#".repeat(70_000), "larger");
    }

    const JSON: &str = r##"{"name": "Bank Contoh", "accent": "#8A1538", "accentDark": "#ff9eb5",
        "copy": {"start.begin": {"id": "Buka", "en": "Open"}},
        "screens": {"consent": {"accent": "#0f766e", "font": "Noto Sans",
            "copy": {"consent.title": {"id": "Izin", "en": "Leave"}}}}}"##;

    fn json_folder(text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bank")).unwrap();
        std::fs::write(folder.path().join("bank/theme.json"), text).unwrap();
        folder
    }

    #[test]
    fn what_a_screen_has_of_its_own_lies_over_the_rest() {
        let folder = json_folder(JSON);
        assert_eq!(names(folder.path()), ["bank", EXAMPLE_NAME]);
        let theme = load(folder.path(), "bank").unwrap();
        assert_eq!(theme.on("card"), theme.view);
        let consent = theme.on("consent");
        assert_eq!((consent.accent.as_str(), consent.accent_dark.as_str()), ("#0f766e", "#ff9eb5"));
        assert_eq!(consent.font.as_deref(), Some("Noto Sans"));
        assert_eq!(consent.copy.keys().collect::<Vec<_>>(), ["consent.title", "start.begin"]);
    }

    #[test]
    fn a_screen_can_break_no_rule_either() {
        #[track_caller]
        fn check(from: &str, to: &str, says: &str) {
            let folder = json_folder(&JSON.replace(from, to));
            let error = load(folder.path(), "bank").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        check("#0f766e", "#ffcc00", "contrast");
        check("\"consent\": {", "\"elsewhere\": {", "no screen");
        check("\"font\"", "\"script\"", "script");
    }

    #[test]
    fn the_published_schema_says_what_is_read() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../docs/theme.schema.json")).unwrap();
        let keys = |at: &str| -> Vec<String> {
            schema.pointer(at).and_then(|it| it.as_object()).unwrap().keys().cloned().collect()
        };
        let mut screens = keys("/properties/screens/properties");
        screens.sort();
        let mut known = SCREENS.map(str::to_owned).to_vec();
        known.sort();
        assert_eq!(screens, known);
        // Every key of the schema is read, and there is no other: those left out are refused by name.
        let mut all = serde_json::json!({});
        for key in keys("/properties") {
            all[&key] = schema["properties"][&key]["examples"][0].clone();
        }
        let text = all.to_string();
        assert!(serde_json::from_str::<ThemeFile>(&text).is_ok(), "{text}");
        let mut screen = serde_json::json!({});
        for key in keys("/$defs/screen/properties") {
            screen[&key] = all["screens"]["consent"][&key].clone();
        }
        assert!(serde_json::from_value::<ScreenTheme>(screen).is_ok());
        for at in ["", "/$defs/screen", "/properties/screens"] {
            assert_eq!(schema.pointer(&format!("{at}/additionalProperties")), Some(&false.into()), "{at}");
        }
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["", "..", "../x", "a/b", "c:\\x"] {
            assert!(matches!(load(folder.path(), name), Err(ThemeError::Name(_))), "{name}");
        }
    }

    #[test]
    fn a_logo_is_written_anew_and_a_false_one_is_refused() {
        let folder = folder_with("bank", &format!("{GOOD}logo = \"logo.png\""));
        let path = folder.path().join("bank/logo.png");
        std::fs::write(&path, b"<svg onload='x'/>").unwrap();
        assert!(matches!(load(folder.path(), "bank"), Err(ThemeError::Logo(_))));
        image::RgbaImage::from_pixel(40, 20, image::Rgba([9, 9, 9, 255])).save(&path).unwrap();
        let theme = load(folder.path(), "bank").unwrap();
        assert!(theme.view.has_logo && theme.logo.unwrap().starts_with(b"\x89PNG"));
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let contrast = |a: &str, b: Rgb| Rgb::parse(a).unwrap().contrast(b);
        assert!((contrast("#000000", LIGHT_SURFACE) - 21.0).abs() < 0.01);
        assert!((contrast("#767676", LIGHT_SURFACE) - 4.54).abs() < 0.01);
    }
}
