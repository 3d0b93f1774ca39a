//! The two languages `loketctl` speaks to people.
//!
//! Invariant: both texts stand side by side where they are used, so neither can be forgotten. Deliberately
//! absent: machine output (`--json`), which has no language.

use std::ffi::OsString;

use clap::ValueEnum;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Bahasa Indonesia.
    Id,
    /// English.
    En,
}

impl Lang {
    /// The language of the environment: English where it says so or says nothing of people at all (`C`),
    /// Indonesian everywhere else.
    pub fn of_environment(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name| lookup(name).filter(|value| !value.is_empty());
        let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set) else {
            return if cfg!(unix) { Self::En } else { Self::Id };
        };
        let locale = locale.to_string_lossy().to_ascii_lowercase();
        let language = locale.split(['_', '.', '-', '@']).next().unwrap_or_default();
        if ["en", "c", "posix"].contains(&language) { Self::En } else { Self::Id }
    }

    /// Chooses one of two texts.
    pub fn pick<T>(self, indonesian: T, english: T) -> T {
        match self {
            Self::Id => indonesian,
            Self::En => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses() {
        fn check(name: &str, locale: &str, want: Lang) {
            let lookup = |asked: &str| (asked == name).then(|| OsString::from(locale));
            assert_eq!(Lang::of_environment(lookup), want, "{name}={locale}");
        }
        check("LANG", "id_ID.UTF-8", Lang::Id);
        check("LANG", "en_GB.UTF-8", Lang::En);
        check("LC_ALL", "C.UTF-8", Lang::En);
        check("LANG", "POSIX", Lang::En);
        check("LANG", "jv_ID", Lang::Id);
        check("LC_MESSAGES", "id", Lang::Id);
    }
}
