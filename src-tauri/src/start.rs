//! How the application was started: plainly, by a link, or by a program that launches a flow.

use std::path::PathBuf;

#[cfg(feature = "demo")]
use clap::ValueEnum;
use clap::{Parser, Subcommand};
use engine::{DataDir, DataDirError, compose};

/// Set to anything but nothing, it is as `--demo`.
#[cfg(feature = "demo")]
const DEMO_VARIABLE: &str = "LOKET_DEMO";

/// Loket's window. A second start reaches the first one's window.
#[derive(Clone, Parser)]
#[command(name = "loket", version, after_long_help = EXIT_CODES)]
pub(crate) struct Start {
    /// A link that starts a flow: loket://launch?code=…
    #[arg(value_name = "LINK")]
    pub link: Option<String>,
    /// A stand-in partner and a simulated camera, in an installation of their own
    #[cfg(feature = "demo")]
    #[arg(long, global = true)]
    demo: bool,
    /// The demo with a real camera
    #[cfg(feature = "demo")]
    #[arg(long, global = true)]
    pub camera: bool,
    /// The demo's partner
    #[cfg(feature = "demo")]
    #[arg(long, global = true, value_enum)]
    pub provider: Option<DemoProvider>,
    /// What a visit captures in the demo
    #[cfg(feature = "demo")]
    #[arg(long, global = true, value_enum)]
    pub flow: Option<DemoFlow>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A partner that the demo has a stand-in for.
#[cfg(feature = "demo")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoProvider {
    /// One call takes the whole signed capture.
    IdentityPlatform,
    /// In steps, over presigned uploads.
    Onekyc,
}

/// What a visit that nobody launched may capture.
#[cfg(feature = "demo")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoFlow {
    /// The card.
    KtpScan,
    /// The face; OneKYC alone.
    SelfieLiveness,
    /// Card, then face; Identity Platform alone.
    IdentityVerification,
}

/// What to do instead of opening the window.
#[derive(Clone, Subcommand)]
pub(crate) enum Command {
    /// Run a flow for a partner's program; the result goes to standard output as JSON
    Launch(LaunchArgs),
}

/// Arguments of `launch`.
#[derive(Clone, clap::Args)]
pub(crate) struct LaunchArgs {
    /// The request as JSON; `-` reads standard input. It holds a token: keep it to this user, and delete it afterwards
    #[arg(value_name = "FILE")]
    pub request: PathBuf,
    /// Write the result to this file too, in one step
    #[arg(long, value_name = "FILE")]
    pub result: Option<PathBuf>,
}

const EXIT_CODES: &str = "Exit codes of launch:
  0  COMPLETED
  1  there is no result: the request cannot be read, the result cannot be written
  2  the arguments make no sense
  3  NOT_COMPLETED
  4  ERROR";

impl Start {
    /// Whether this is the demo.
    pub(crate) fn is_demo(&self) -> bool {
        #[cfg(feature = "demo")]
        return self.demo || compose::environment(DEMO_VARIABLE).is_some_and(|value| !value.is_empty());
        #[cfg(not(feature = "demo"))]
        false
    }

    /// Arguments for the window of the same installation.
    pub(crate) fn window_arguments(&self) -> Vec<&'static str> {
        #[cfg(feature = "demo")]
        return [(self.demo, "--demo"), (self.camera, "--camera")]
            .into_iter()
            .filter_map(|(is_set, flag)| is_set.then_some(flag))
            .collect();
        #[cfg(not(feature = "demo"))]
        Vec::new()
    }

    /// The folder of the installation that is meant, made if need be.
    pub(crate) fn data_dir(&self) -> Result<DataDir, DataDirError> {
        let chosen = if self.is_demo() {
            DataDir::choose_for_demo(None, compose::environment)
        } else {
            DataDir::choose(None, compose::environment)
        };
        chosen?.open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_and_a_launch_are_told_apart() {
        let start = |arguments: &[&str]| Start::try_parse_from([&["loket"], arguments].concat());
        let link = start(&["loket://launch?code=x"]).ok().unwrap();
        assert!(link.command.is_none() && link.link.as_deref() == Some("loket://launch?code=x"));
        let launch = start(&["launch", "request.json", "--result", "out.json"]).ok().unwrap();
        let Some(Command::Launch(arguments)) = launch.command else { panic!("it is a launch") };
        assert_eq!(arguments.request, PathBuf::from("request.json"));
        assert_eq!(arguments.result, Some(PathBuf::from("out.json")));
        assert!(start(&["launch"]).is_err() && start(&["--unknown"]).is_err());
    }
}
