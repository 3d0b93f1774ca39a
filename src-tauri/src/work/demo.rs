//! The demo: a stand-in partner in this process behind a link that can be cut, and a simulated camera.
//!
//! Invariant: an installation of its own, never the real one; offline is a link that refuses connections, not a flag.
//! Deliberately away from released builds: the cargo feature `demo` brings it.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ::launch::{HandOver, HandOverCode, HandOverError, LaunchRequest, PlatformRefusal, Redeeming};
use anyhow::{Context as _, Result};
use camera::CameraChoice;
use camera::scene::{SCENE_NAMES, SceneCamera, Script};
use engine::{CaptureFlow, Config, DataDir, Provider, SecretName, compose};
use simulator::onekyc::Account;
use simulator::{Running, SimulatorConfig, StateLocation};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use vault::{KEY_FILE_VARIABLE, KeyFileError, MasterKey};

use super::Tools;
use super::delivery::Delivery;
use super::person::{CardOrFace, FaceSwitch};
use crate::controller::Event;
use crate::desk::{Desk, Lookup};
use crate::start::{DemoFlow, DemoProvider, Start};
use crate::view::DemoView;

/// A folder that stands for a partner's backend: the launch behind a code is the file `CODE.json`, once.
const HAND_OVERS_VARIABLE: &str = "LOKET_DEMO_HANDOVERS";
/// What the partner is called on the consent screen.
pub(super) const PARTNER: &str = "Mitra tiruan (demo)";
/// Chooses desk, hand and noise of the scenes.
const SEED: u64 = 7;

/// The demo's switches.
pub(crate) struct Demo {
    data_dir: DataDir,
    lookup: Lookup,
    scene: Option<SceneCamera>,
    face: FaceSwitch,
    playing: Mutex<String>,
    wanted: watch::Sender<bool>,
    open: watch::Receiver<bool>,
    _partner: Running,
}

/// The demo, if this process was asked to be one.
pub(crate) fn wanted(start: &Start, runtime: &Handle) -> Result<Option<Demo>> {
    if !start.is_demo() {
        return Ok(None);
    }
    runtime.block_on(begin(start)).map(Some)
}

/// Puts OneKYC's stand-in into the settings, where it is asked for.
fn choose_partner(start: &Start, config: &mut Config, base_url: String, token_url: String) {
    if let Some(provider) = start.provider {
        config.gateway.provider = match provider {
            DemoProvider::IdentityPlatform => Provider::IdentityPlatform,
            DemoProvider::Onekyc => Provider::Onekyc,
        };
        (config.onekyc.base_url, config.onekyc.token_url) = (Some(base_url), Some(token_url));
        config.onekyc.onboarding_partner = Account::default().onboarding_partner;
    }
    if let Some(flow) = start.flow {
        config.app.flow = match flow {
            DemoFlow::KtpScan => CaptureFlow::KtpScan,
            DemoFlow::SelfieLiveness => CaptureFlow::SelfieLiveness,
            DemoFlow::IdentityVerification => CaptureFlow::IdentityVerification,
        };
    }
}

async fn begin(start: &Start) -> Result<Demo> {
    let data_dir = DataDir::choose_for_demo(None, compose::environment)?.open()?;
    let device_secret = simulator::generate_secret();
    let account = Account {
        client_id: compose::random_id().to_string(),
        pass_key: compose::random_id().to_string(),
        ..Account::default()
    };
    let partner = simulator::start(SimulatorConfig {
        state: StateLocation::File(data_dir.simulator_file()),
        device_secrets: vec![device_secret.clone()],
        onekyc_account: account.clone(),
        ..SimulatorConfig::default()
    })
    .await?;
    let (wanted, wishes) = watch::channel(true);
    let (told, open) = watch::channel(true);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let near = listener.local_addr()?;
    let far = address(&partner.base_url).context("the stand-in partner has no address")?;
    tokio::spawn(Link { near, far, wish: wishes, told }.run(Some(listener)));
    let behind_link = |url: &str| url.replace(&far.to_string(), &near.to_string());
    let mut secrets =
        vec![(SecretName::ApiKey, partner.api_key.clone()), (SecretName::DeviceSecret, device_secret)];
    if start.provider.is_some() {
        secrets.push((SecretName::OneKycClientId, account.client_id));
        secrets.push((SecretName::OneKycPassKey, account.pass_key));
    }
    let lookup = environment(&data_dir, behind_link(&partner.base_url), secrets)?;
    if start.provider.is_some() || start.flow.is_some() {
        let mut config = Config::load(&data_dir.config_file(), |_| None)?;
        let onekyc = &partner.onekyc;
        choose_partner(start, &mut config, behind_link(&onekyc.base_url), behind_link(&onekyc.token_url));
        config.save(&data_dir.config_file())?;
    }
    let scene = (!start.camera).then(|| SceneCamera::new(&Script::new(0), SEED));
    let playing = Mutex::new(SCENE_NAMES[0].to_owned());
    let face = FaceSwitch::default();
    Ok(Demo { data_dir, lookup, scene, face, playing, wanted, open, _partner: partner })
}

fn address(base_url: &str) -> Option<SocketAddr> {
    base_url.split("://").nth(1)?.split('/').next()?.parse().ok()
}

/// The environment of the demo's installation. Its key lies in a file beside the data, unless one is named: a demo must
/// run where there is no keyring.
fn environment(dir: &DataDir, base_url: String, secrets: Vec<(SecretName, String)>) -> Result<Lookup> {
    let named = compose::environment(KEY_FILE_VARIABLE).filter(|value| !value.is_empty());
    let key_file = named.unwrap_or_else(|| dir.path().with_extension("key").into_os_string());
    match MasterKey::generate_key_file(Path::new(&key_file)) {
        Ok(_) | Err(KeyFileError::Exists(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Arc::new(move |name: &str| -> Option<OsString> {
        match name {
            KEY_FILE_VARIABLE => Some(key_file.clone()),
            engine::GATEWAY_URL_VARIABLE => Some(base_url.clone().into()),
            other => match secrets.iter().find(|(secret, _)| secret.variable() == other) {
                Some((_, value)) => Some(value.clone().into()),
                None => compose::environment(other),
            },
        }
    }))
}

impl Demo {
    /// The demo's own installation.
    pub(crate) fn desk(&self) -> Desk {
        Desk::new(Some(self.data_dir.path().to_owned()), Arc::clone(&self.lookup))
    }

    /// The simulated camera with its scene at the beginning; `None` with a real one.
    pub(super) fn camera(&self) -> Option<CameraChoice> {
        let camera = self.scene.clone()?;
        camera.play(&Script::named(&self.playing()).unwrap_or_else(|| Script::new(0)));
        let face = self.face.clone();
        let open = move || Ok(CardOrFace::new(camera.open()?, face.clone()));
        Some(CameraChoice::scene("Kamera simulasi", open))
    }

    /// The folder that stands for a partner's backend, where one is named.
    pub(super) fn hand_over(&self) -> Option<Arc<dyn HandOver>> {
        let folder = compose::environment(HAND_OVERS_VARIABLE).filter(|value| !value.is_empty())?;
        Some(Arc::new(HandOverFolder(folder.into())))
    }

    fn playing(&self) -> String {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The switches as they stand.
    pub(super) fn view(&self) -> DemoView {
        let scenes = if self.scene.is_some() { SCENE_NAMES.map(str::to_owned).to_vec() } else { Vec::new() };
        DemoView {
            is_online: *self.open.borrow(),
            scene: self.scene.as_ref().map(|_| self.playing()),
            scenes,
        }
    }
}

/// Cuts the link or mends it, then asks whether the partner is there.
pub(super) fn set_online(tools: &Tools, is_online: bool, delivery: &Delivery) {
    let Some(demo) = &tools.demo else { return };
    demo.wanted.send_replace(is_online);
    let mut open = demo.open.clone();
    // The link's task lives as long as the runtime.
    tools.runtime.block_on(open.wait_for(|is_open| *is_open == is_online)).ok();
    tools.tell(Event::Demo(demo.view()));
    delivery.send_now();
}

/// Whether the simulated customer shows the face now, and not the card.
pub(super) fn face_the_camera(tools: &Tools, has_face: bool) {
    if let Some(demo) = &tools.demo {
        demo.face.set(has_face);
    }
}

/// Stands for a partner's backend: the launch behind a code is a file, and is gone once it was asked for.
struct HandOverFolder(PathBuf);

impl HandOver for HandOverFolder {
    fn redeem<'a>(&'a self, code: &'a HandOverCode) -> Redeeming<'a> {
        // A code has letters, digits, `-` and `_` alone: it cannot leave the folder.
        let file = self.0.join(format!("{}.json", code.reveal()));
        let spent = || PlatformRefusal { http: 410, code: String::new(), cause: "CODE_SPENT".to_owned() };
        Box::pin(async move {
            let json = tokio::fs::read(&file).await.map_err(|_| HandOverError::Refused(spent()))?;
            tokio::fs::remove_file(&file).await.map_err(|_| HandOverError::Refused(spent()))?;
            Ok(LaunchRequest::parse(&json)?)
        })
    }
}

/// Plays another scene from its beginning.
pub(super) fn play(tools: &Tools, scene: &str) {
    let Some(demo) = &tools.demo else { return };
    let (Some(script), Some(camera)) = (Script::named(scene), &demo.scene) else { return };
    scene.clone_into(&mut demo.playing.lock().unwrap_or_else(PoisonError::into_inner));
    camera.play(&script);
    tools.tell(Event::Demo(demo.view()));
}

/// A way to the partner that can be cut: while it is, connections are refused and those that were open are gone.
struct Link {
    near: SocketAddr,
    far: SocketAddr,
    wish: watch::Receiver<bool>,
    told: watch::Sender<bool>,
}

impl Link {
    async fn run(mut self, mut listener: Option<TcpListener>) {
        loop {
            if *self.wish.borrow_and_update() {
                let open = match listener.take() {
                    Some(listener) => Ok(listener),
                    None => TcpListener::bind(self.near).await,
                };
                match open {
                    Ok(listener) => {
                        self.told.send_replace(true);
                        self.carry(listener).await;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the demo's link does not open; trying again");
                        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                    }
                }
            } else {
                self.told.send_replace(false);
                if self.wish.changed().await.is_err() {
                    return;
                }
            }
        }
    }

    /// Carries bytes until the link is cut.
    async fn carry(&mut self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        let far = self.far;
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    if let Ok((mut near, _)) = accepted {
                        connections.spawn(async move {
                            let Ok(mut far) = TcpStream::connect(far).await else { return };
                            // Whoever breaks the connection, the other side sees it broken.
                            tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
                        });
                    }
                }
                changed = self.wish.changed() => {
                    if changed.is_err() || !*self.wish.borrow() {
                        connections.abort_all();
                        return;
                    }
                }
            }
        }
    }
}
