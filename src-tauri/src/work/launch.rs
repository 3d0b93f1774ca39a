//! Launches by partners' front ends: from the doors to the controller, and back with what came of them.
//!
//! Invariant: what a launch names is checked before the controller hears of it; whoever launched is answered once, and a
//! browser is sent to its page only after a visit that was begun. Deliberately lacks decisions about visits.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use engine::{Installation, Provider, SecretName};
use gateway::Grant;
use launch::{
    Door, Ending, Flow, HandOver, HandOverCode, Hear, Incoming, LaunchKey, LaunchRequest, LaunchResult, Look,
    RedirectUrl, Reply, WebDoor, WebDoorConfig,
};

use super::Tools;
use crate::controller::{Event, LaunchId, LaunchOrder};
use crate::theme::{self, Theme};
use crate::view::{Appearance, FlowView, Language};

/// Launches under way and what redeems codes.
#[derive(Default)]
pub(crate) struct Launches {
    /// Redeems the codes of links in place of the backend this machine is enrolled at.
    hand_over: Option<Arc<dyn HandOver>>,
    begun: AtomicU64,
    under_way: Mutex<BTreeMap<LaunchId, UnderWay>>,
}

/// One launch, until its customer is gone.
struct UnderWay {
    correlation_id: String,
    /// Taken when it is answered.
    reply: Option<Reply>,
    success: Option<RedirectUrl>,
    failure: Option<RedirectUrl>,
    told: Option<LaunchResult>,
}

impl Launches {
    /// None yet.
    pub(crate) fn new(hand_over: Option<Arc<dyn HandOver>>) -> Self {
        Self { hand_over, ..Self::default() }
    }

    fn begin(&self, request: &LaunchRequest, reply: Reply) -> LaunchId {
        let id = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let launch = UnderWay {
            correlation_id: request.correlation_id.to_string(),
            reply: Some(reply),
            success: request.success_redirect.clone(),
            failure: request.failure_redirect.clone(),
            told: None,
        };
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(id, launch);
        id
    }

    /// Answers whoever launched.
    pub(super) fn tell(&self, id: LaunchId, ending: &Ending) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(launch) = under_way.get_mut(&id) else { return };
        let result = ending.result(&launch.correlation_id);
        tracing::info!(
            correlation_id = result.correlation_id,
            status = result.status.word(),
            "a launch ended"
        );
        if let Some(reply) = launch.reply.take() {
            reply.tell(result.clone());
        }
        launch.told = Some(result);
    }

    /// Answers whoever launched what was not begun, and forgets it.
    pub(super) fn refuse(&self, id: LaunchId, ending: &Ending) {
        self.tell(id, ending);
        self.forget(id);
    }

    fn forget(&self, id: LaunchId) -> Option<UnderWay> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }

    /// The customer is gone: where the browser goes, if anywhere.
    pub(super) fn leave(&self, id: LaunchId) -> Option<String> {
        let launch = self.forget(id)?;
        let result = launch.told?;
        let page = match result.status {
            launch::LaunchStatus::Completed => launch.success,
            launch::LaunchStatus::NotCompleted | launch::LaunchStatus::Error => launch.failure,
        }?;
        Some(page.with(&result).into())
    }
}

/// Sends the browser to a page that was checked.
pub(super) fn browse(page: &str) {
    if let Err(error) = open::that_detached(page) {
        tracing::warn!(%error, "no browser opens the partner's page");
    }
}

/// Opens the doors: for other processes of this installation, and for web pages where the settings say so.
pub(super) fn open_doors(tools: &Arc<Tools>, door: Option<Door>) {
    let mine = Arc::clone(tools);
    let hear: Hear = Arc::new(move |incoming| hear(&mine, incoming));
    if let Some(door) = door {
        tools.runtime.spawn(door.serve(Hear::clone(&hear)));
    }
    let Ok(installation) = tools.desk.installation() else { return };
    if let Some(config) = web_door(&installation) {
        tools.runtime.spawn(async move {
            match WebDoor::open(config).await {
                Ok(door) => door.serve(hear).await,
                Err(error) => tracing::error!(%error, "web pages cannot launch"),
            }
        });
    }
}

/// Where and for whom the door for web pages is; `None` where it stays shut.
fn web_door(installation: &Installation) -> Option<WebDoorConfig> {
    let port = installation.config.launch.websocket_port?;
    let key = match installation.secrets().find(SecretName::LaunchKey) {
        Ok((key, _)) => LaunchKey::parse(key),
        Err(error) => {
            tracing::error!(%error, "web pages cannot launch; make a key with: loketctl launch-key create");
            return None;
        }
    };
    if key.is_none() {
        tracing::error!("web pages cannot launch: the launch key is none of loketctl's");
    }
    Some(WebDoorConfig { port, origins: installation.config.allowed_origins(), key: key? })
}

/// Something came in by one of the doors, or with the start itself.
pub(super) fn hear(tools: &Arc<Tools>, incoming: Incoming) {
    match incoming {
        Incoming::Raise => tools.tell(Event::StartedAgain),
        Incoming::Launch(request, reply) => launch_aside(tools, *request, reply),
        Incoming::HandOver(code, reply) => {
            let tools = Arc::clone(tools);
            tools.runtime.clone().spawn(async move { redeem(&tools, code, reply).await });
        }
    }
}

/// Looks at files, hence beside.
fn launch_aside(tools: &Arc<Tools>, request: LaunchRequest, reply: Reply) {
    let mine = Arc::clone(tools);
    tools.runtime.spawn_blocking(move || {
        if let Err((ending, reply)) = launch(&mine, &request, reply) {
            reply.tell(ending.result(&request.correlation_id.to_string()));
        }
    });
}

async fn redeem(tools: &Arc<Tools>, code: HandOverCode, reply: Reply) {
    let hand_over = match &tools.launches.hand_over {
        Some(hand_over) => Some(Arc::clone(hand_over)),
        None => at_backend(tools).await,
    };
    let redeemed = match hand_over {
        Some(hand_over) => hand_over.redeem(&code).await.map_err(Ending::from),
        None => Err(Ending::NoHandOver),
    };
    let mine = Arc::clone(tools);
    let outcome = tokio::task::spawn_blocking(move || match redeemed {
        Ok(request) => launch(&mine, &request, reply).map_err(|(ending, _)| ending),
        Err(ending) => Err(ending),
    });
    // Whoever followed a link looks at the window, and hears it there.
    if let Err(ending) = outcome.await.unwrap_or(Err(Ending::NotReady)) {
        tracing::warn!(?ending, "a link launched nothing");
        tools.tell(Event::LaunchFailed);
    }
}

/// The backend this machine is enrolled at; `None` where it is at none.
async fn at_backend(tools: &Arc<Tools>) -> Option<Arc<dyn HandOver>> {
    let mine = Arc::clone(tools);
    let found = tokio::task::spawn_blocking(move || {
        let installation = mine.desk.installation().ok()?;
        let hand_over = installation.hand_over();
        hand_over.inspect_err(|error| tracing::warn!(%error, "no code can be redeemed")).ok()
    });
    Some(Arc::new(found.await.ok()??))
}

/// Checks what a launch names and tells the controller.
fn launch(tools: &Tools, request: &LaunchRequest, reply: Reply) -> Result<(), (Ending, Reply)> {
    let Ok(installation) = tools.desk.installation() else { return Err((Ending::NotReady, reply)) };
    if !installation.config.allowed_base_urls().has(&request.base_url) {
        return Err((Ending::BaseUrlNotAllowed, reply));
    }
    if !can_do(installation.config.gateway.provider, request.flow) {
        return Err((Ending::FlowNotAvailable, reply));
    }
    let (appearance, theme) = look(&installation, &request.look);
    let order = LaunchOrder {
        id: tools.launches.begin(request, reply),
        flow: match request.flow {
            Flow::KtpScan => FlowView::KtpScan,
            Flow::SelfieLiveness => FlowView::SelfieLiveness,
            Flow::IdentityVerification => FlowView::IdentityVerification,
        },
        grant: Grant {
            base_url: request.base_url.clone(),
            correlation_id: request.correlation_id,
            token: request.token.clone(),
            user_id: request.user_id.clone(),
        },
        host: super::open::host(&request.base_url.to_string()).unwrap_or_default(),
        language: request.language.map(|language| match language {
            launch::Language::Id => Language::Id,
            launch::Language::En => Language::En,
        }),
        appearance,
        theme,
        ends_on_help: request.ends_on_help,
    };
    tools.tell(Event::Launched(Box::new(order)));
    Ok(())
}

/// Whether captures of this flow go to the platform that a launch's token is for.
fn can_do(provider: Provider, flow: Flow) -> bool {
    match (provider, flow) {
        (Provider::Onekyc, _) | (Provider::Both, Flow::KtpScan | Flow::IdentityVerification) => true,
        // The other partner takes no faces alone, and knows no launches.
        (Provider::Both, Flow::SelfieLiveness) | (Provider::IdentityPlatform, _) => false,
    }
}

/// A theme that is not installed, or cannot be used, is passed over: there always is a default.
fn look(installation: &Installation, look: &Look) -> (Option<Appearance>, Option<Theme>) {
    match look {
        Look::Default => (None, None),
        Look::Appearance(launch::Appearance::Light) => (Some(Appearance::Light), None),
        Look::Appearance(launch::Appearance::Dark) => (Some(Appearance::Dark), None),
        Look::Theme(name) => {
            let theme = theme::load(&installation.dir.themes_dir(), name)
                .inspect_err(|error| tracing::warn!(%error, "the launch's theme cannot be used"));
            (None, theme.ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> LaunchRequest {
        let json = r#"{"launch": "launchKTPScan", "baseUrl": "https://onekyc.example.test", "token": "EXAMPLEONLY",
            "correlationId": "5b0cbb1e-6f55-4a8c-9a93-1d1f6f6a0001",
            "successRedirectionUrl": "https://bank.example.test/done",
            "failureRedirectionUrl": "https://bank.example.test/failed"}"#;
        LaunchRequest::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn the_browser_goes_where_the_end_says_and_only_after_a_visit() {
        let launches = Launches::default();
        let begin = || launches.begin(&request(), Reply::nowhere());
        let completed = begin();
        launches.tell(completed, &Ending::Decided { submission_id: "sub_1".into() });
        let page = launches.leave(completed).unwrap();
        assert!(page.starts_with("https://bank.example.test/done?") && page.ends_with("&status=COMPLETED"));
        assert_eq!(launches.leave(completed), None, "once");
        let cancelled = begin();
        launches.tell(cancelled, &Ending::Cancelled);
        assert!(launches.leave(cancelled).unwrap().starts_with("https://bank.example.test/failed?"));
        let busy = begin();
        launches.refuse(busy, &Ending::Busy);
        assert_eq!(launches.leave(busy), None);
    }

    #[tokio::test]
    async fn whoever_launched_is_answered_with_its_own_id() {
        let launches = Launches::default();
        let (reply, mut answer) = Reply::new();
        let id = launches.begin(&request(), reply);
        launches.tell(id, &Ending::Busy);
        let expected = Ending::Busy.result("5b0cbb1e-6f55-4a8c-9a93-1d1f6f6a0001");
        assert_eq!(answer.wait("another").await, expected);
    }
}
