//! The browser that the window's pages are tested in. Invariant: a machine without one fails the tests that need it
//! and is told what to install; they are never passed over in silence. Deliberately downloads no browser by itself:
//! on Debian the distribution's own is installed, elsewhere the tests look where one usually is.

use std::path::Path;

use anyhow::Result;

use crate::system;

/// The package on Debian; on Ubuntu it is a snap, which is why a browser that is there already comes first.
const PACKAGE: &str = "chromium";

/// Where `ui/tests/browser/chromium.ts` looks too.
const PLACES: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Names a browser that is elsewhere.
const CHOICE: &str = "LOKET_CHROMIUM";

/// Installs a browser where that is the way; what is still missing then is reported by the tests themselves.
pub fn install() -> Result<()> {
    let is_chosen = std::env::var_os(CHOICE).is_some_and(|choice| !choice.is_empty());
    if is_needed(is_chosen, |place| Path::new(place).exists()) && system::is_debian_like() {
        system::install_missing(&[PACKAGE])?;
    }
    Ok(())
}

fn is_needed(is_chosen: bool, exists: impl Fn(&str) -> bool) -> bool {
    !is_chosen && !PLACES.into_iter().any(exists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_installed_only_where_none_is_there_or_chosen() {
        let check = |is_chosen, there: &[&str], expected| {
            assert_eq!(
                is_needed(is_chosen, |place| there.contains(&place)),
                expected,
                "{is_chosen} {there:?}"
            );
        };
        check(false, &[], true);
        check(true, &[], false);
        check(false, &["/usr/bin/google-chrome"], false);
        check(false, &["/usr/bin/firefox"], true);
    }

    #[test]
    fn the_tests_look_for_it_in_the_same_places() {
        let source =
            std::fs::read_to_string(crate::process::root().join("ui/tests/browser/chromium.ts")).unwrap();
        for name in PLACES.into_iter().chain([CHOICE]) {
            assert!(source.contains(name), "{name}");
        }
    }
}
