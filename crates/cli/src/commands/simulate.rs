//! `simulate`: a stand-in for the partner's platform on this machine.
//!
//! Invariant: settings that point at a real gateway are never overwritten; keys and secrets lie in files for
//! this user alone and are not printed.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::bail;
use engine::{Installation, SecretError, SecretName, compose};
use gateway::Endpoint;
use secrecy::{ExposeSecret as _, SecretString};
use simulator::onekyc::Account;
use simulator::{Settings, SimulatorConfig, StateLocation};

use super::runtime;
use super::simulated_reading::SimulatedReading;
use crate::args::SimulateArgs;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// What this data folder's credentials hold, or what was just put there.
pub struct Credentials {
    /// The bearer key.
    pub api_key: SecretString,
    /// Signs bundles without a challenge.
    pub device_secret: SecretString,
    /// OneKYC's `client-id` and `pass-key`.
    pub onekyc: [SecretString; 2],
}

/// Runs the simulator until interrupted.
pub fn run(installation: &Installation, args: &SimulateArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let credentials = credentials(installation)?;
    let state = if args.memory {
        StateLocation::Memory
    } else {
        StateLocation::File(installation.dir.simulator_file())
    };
    let config = config(args.bind, state, &credentials);
    runtime()?.block_on(async {
        let mut running = simulator::start(config).await?;
        if args.write_config {
            point_at(installation, &running)?;
        }
        announce(installation, &running, args.write_config, terminal)?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            ended = running.ended() => ended?,
        }
        running.shutdown().await?;
        Ok(Exit::Done)
    })
}

/// A simulator for people to play with: it knows any customer.
fn config(bind: SocketAddr, state: StateLocation, credentials: &Credentials) -> SimulatorConfig {
    SimulatorConfig {
        bind,
        state,
        api_key: credentials.api_key.expose_secret().to_owned(),
        device_secrets: vec![credentials.device_secret.expose_secret().to_owned()],
        settings: Settings { auto_customers: true, ..Settings::default() },
        onekyc_account: onekyc_account(credentials),
        card_reader: Some(Arc::new(SimulatedReading::default())),
        ..SimulatorConfig::default()
    }
}

fn onekyc_account(credentials: &Credentials) -> Account {
    let [client_id, pass_key] = credentials.onekyc.each_ref().map(|secret| secret.expose_secret().to_owned());
    Account { client_id, pass_key, ..Account::default() }
}

/// The data folder's sandbox credentials; made and stored there if there are none.
fn credentials(installation: &Installation) -> anyhow::Result<Credentials> {
    let have = |name, make: fn() -> String| -> Result<SecretString, SecretError> {
        let secrets = installation.secrets();
        match secrets.find_optional(name)? {
            Some(secret) => Ok(secret),
            None => {
                let secret = SecretString::from(make());
                secrets.store_in_file(name, &secret)?;
                Ok(secret)
            }
        }
    };
    Ok(Credentials {
        api_key: have(SecretName::ApiKey, || simulator::generate_api_key("sandbox"))?,
        device_secret: have(SecretName::DeviceSecret, simulator::generate_secret)?,
        onekyc: [
            have(SecretName::OneKycClientId, || compose::random_id().to_string())?,
            have(SecretName::OneKycPassKey, || compose::random_id().to_string())?,
        ],
    })
}

fn point_at(installation: &Installation, running: &simulator::Running) -> anyhow::Result<()> {
    let mut config = installation.config.clone();
    for old in [&config.gateway.base_url, &config.onekyc.base_url].into_iter().flatten() {
        if !Endpoint::parse(old)?.is_loopback() {
            bail!("{} points at {old}; not overwritten", installation.dir.config_file().display());
        }
    }
    config.gateway.base_url = Some(running.base_url.clone());
    config.onekyc.base_url = Some(running.onekyc.base_url.clone());
    config.onekyc.token_url = Some(running.onekyc.token_url.clone());
    config.onekyc.onboarding_partner.clone_from(&running.onekyc.account().onboarding_partner);
    config.save(&installation.dir.config_file())?;
    Ok(())
}

fn announce(
    installation: &Installation,
    running: &simulator::Running,
    written: bool,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let base = &running.base_url;
    let credentials = installation.dir.credentials_dir();
    let shown = credentials.display();
    terminal.tell(format!("simulator berjalan di {base}"), format!("the simulator runs at {base}"));
    let onekyc = &running.onekyc.base_url;
    terminal.tell(format!("OneKYC tiruan di {onekyc}"), format!("OneKYC's stand-in at {onekyc}"));
    terminal.tell(format!("kendali: {}", running.control_url), format!("control: {}", running.control_url));
    terminal.tell(
        format!("kunci API dan rahasia perangkat: {shown} (atau lingkungan)"),
        format!("API key and device secret: {shown} (or the environment)"),
    );
    if written {
        let file = installation.dir.config_file();
        let file = file.display();
        terminal.tell(format!("{file} kini menunjuk ke sini"), format!("{file} points here now"));
    }
    if installation.check_key().is_err() {
        terminal.note(
            "untuk capture masih perlu kunci antrean: loketctl key create BERKAS; export LOKET_KEY_FILE=BERKAS",
            "capture still needs a queue key: loketctl key create FILE; export LOKET_KEY_FILE=FILE",
        );
    }
    terminal.tell("Ctrl-C untuk berhenti", "Ctrl-C to stop");
    terminal.emit(&serde_json::json!({"baseUrl": base, "controlUrl": running.control_url,
        "credentialsDir": credentials, "configWritten": written, "onekycBaseUrl": onekyc,
        "onekycTokenUrl": running.onekyc.token_url,
        "onekycOnboardingPartner": running.onekyc.account().onboarding_partner,
        "onekycEsignOnboardingPartner": running.onekyc.account().esign_onboarding_partner}))
}
