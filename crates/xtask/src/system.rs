//! What the machine must have. On Debian and its relatives missing packages are installed through apt-get; elsewhere
//! this only says what to install, because guessing at another system's package names does more harm than good.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// What a task builds, hence what it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The command line and everything below it.
    CommandLine,
    /// That, and the window.
    Window,
    /// That, and what the tests without a display start.
    Tests,
    /// What the window needs, and a display and a driver to test it with.
    WindowTests,
}

/// The camera bindings are generated with libclang.
const COMMAND_LINE: [&str; 1] = ["libclang-dev"];

/// The web view and what Tauri links beside it.
const WINDOW: [&str; 7] = [
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libdbus-1-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libxdo-dev",
    "patchelf",
];

/// The database server that the backend's tests start for themselves, as an unprivileged user in a temporary folder.
const TESTS: [&str; 1] = ["postgresql"];

/// A virtual display, the web view's WebDriver, a software renderer and a font.
const WINDOW_TESTS: [&str; 5] =
    ["xvfb", "webkit2gtk-driver", "libgl1-mesa-dri", "fonts-dejavu-core", "xdg-utils"];

const ELSEWHERE: &str = "Not a Debian-like system, so nothing is installed for you. Loket needs:
  Linux    WebKitGTK 4.1, librsvg, libayatana-appindicator3, libxdo and D-Bus with their headers, pkg-config, libclang
  macOS    the Xcode command line tools (xcode-select --install)
  Windows  the MSVC build tools with the Windows SDK, and WebView2 (part of Windows 11)";

/// The oldest Node that the user interface's tools run on.
const NODE_MAJOR: u32 = 20;

/// Whether apt-get is this system's way to install.
pub fn is_debian_like() -> bool {
    cfg!(target_os = "linux") && Path::new("/usr/bin/dpkg-query").exists()
}

/// Installs what is missing.
pub fn require(needs: Needs) -> Result<()> {
    if is_debian_like() {
        let mut packages = COMMAND_LINE.to_vec();
        match needs {
            Needs::CommandLine => {}
            Needs::Window => packages.extend(WINDOW),
            Needs::Tests => {
                packages.extend(WINDOW);
                packages.extend(TESTS);
            }
            Needs::WindowTests => {
                packages.extend(WINDOW);
                packages.extend(WINDOW_TESTS);
            }
        }
        return install_missing(&packages);
    }
    println!("{ELSEWHERE}");
    Ok(())
}

/// Installs those of `packages` that are not there. The package lists are refreshed only when that fails.
pub fn install_missing(packages: &[&str]) -> Result<()> {
    let known = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\\n"])
        .args(packages)
        .output()
        .context("dpkg-query does not start")?;
    let missing = missing(packages, &String::from_utf8_lossy(&known.stdout));
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {}", missing.join(" "));
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(missing);
    if apt_get(&install).is_err() {
        println!("Refreshing the package lists, then trying again");
        apt_get(&["update"])?;
        apt_get(&install)?;
    }
    Ok(())
}

fn missing<'a>(wanted: &[&'a str], listing: &str) -> Vec<&'a str> {
    let is_installed = |package: &&str| listing.lines().any(|line| line == format!("{package} installed"));
    wanted.iter().copied().filter(|package| !is_installed(package)).collect()
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let is_root = process::output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let mut command = if is_root {
        process::command("env")
    } else if Path::new("/usr/bin/sudo").exists() {
        let mut sudo = process::command("sudo");
        sudo.arg("env");
        sudo
    } else {
        bail!("not root and no sudo here: as root, run  apt-get {}", arguments.join(" "));
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2", "-o", "DPkg::Lock::Timeout=300"]);
    process::run(command.args(arguments).stdout(std::process::Stdio::null()))
}

/// Checks that Node is there and new enough.
pub fn require_node() -> Result<()> {
    let version = process::output(Command::new("node").arg("--version"))
        .with_context(|| format!("Node {NODE_MAJOR} or newer is needed to build the user interface"))?;
    if node_major(&version).is_none_or(|major| major < NODE_MAJOR) {
        bail!("Node {NODE_MAJOR} or newer is needed to build the user interface; found {}", version.trim());
    }
    Ok(())
}

fn node_major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Whether a window can be opened here.
pub fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Our folder for what is dear to make again and belongs to no clone.
pub fn cache() -> Result<PathBuf> {
    Ok(python_env::cache()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_in_the_state_installed_count_as_there() {
        let listing = "libxdo-dev installed\nlibxdo-dev installed\nlibrsvg2-dev config-files\n";
        let wanted = ["libxdo-dev", "librsvg2-dev", "patchelf"];
        assert_eq!(missing(&wanted, listing), ["librsvg2-dev", "patchelf"]);
    }

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(node_major("v20.20.2\n"), Some(20));
        assert_eq!(node_major("not found"), None);
    }
}
