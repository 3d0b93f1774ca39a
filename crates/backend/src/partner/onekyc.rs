//! OneKYC: initiating flows and reading details, through `gateway`'s client for servers.
//!
//! Invariant: nothing is repeated within a request but what a refused partner token asks for; the kiosk or the worker
//! decides about later. Lacks on purpose: uploading and polling, which the kiosk does with its own user token.

use std::sync::Arc;
use std::time::Duration;

use gateway::onekyc::{
    ContactKind, DetailsQuery, Direct, DirectConfig, Failure, FailureClass, FlowRun, LaunchOptions,
    LaunchTheme, OneKycError, RetryParams, Token, UserTokenWay, VerifiedContact,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::PartnerError;
use super::wire::{self, Details};
use crate::config::{OneKycConfig, SecretError, TokenSource};
use crate::flow::{Family, FlowKind};

/// Initiating takes well under a second; a kiosk gives up after thirty.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The platform, as a server calls it.
pub struct OneKyc {
    config: OneKycConfig,
    direct: Direct,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum OneKycStartError {
    /// A credential is missing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// TLS.
    #[error(transparent)]
    Client(#[from] OneKycError),
}

/// A person, by the partner's own id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The id.
    pub user_id: String,
    /// What sort of id it is.
    pub user_id_type: String,
}

/// A contact that the partner has verified.
#[derive(Clone, PartialEq, Eq)]
pub enum Contact {
    /// `62…`
    Phone {
        /// Digits.
        number: String,
        /// Of the verification.
        reference_id: String,
    },
    /// An address.
    Email {
        /// The address.
        address: String,
        /// Of the verification.
        reference_id: String,
    },
}

/// A flow to initiate.
pub struct InitiateRequest {
    /// Which.
    pub kind: FlowKind,
    /// The session id.
    pub session: Uuid,
    /// For whom.
    pub person: Person,
    /// `id_ID` or `en_ID`.
    pub locale: Option<&'static str>,
    /// Colours.
    pub theme: Option<LaunchTheme>,
    /// Where the platform may fetch a picture of the card.
    pub reference_image_url: Option<String>,
    /// Needed for Standalone Identity Verification.
    pub contact: Option<Contact>,
}

/// Which submission is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// By its id.
    Submission(&'a str),
    /// The newest of a session.
    Session(Uuid),
}

impl OneKyc {
    /// Reads the secrets and makes a client; connects to nothing yet.
    pub fn new(config: OneKycConfig) -> Result<Self, OneKycStartError> {
        let (client_id, pass_key) = (config.client_id.read()?, config.pass_key.read()?);
        let (token_host, base) = (config.token_host.clone(), config.base_url.clone());
        let mut direct = DirectConfig::new(token_host, base, client_id, pass_key);
        let codes = config.onboarding_partner.iter();
        direct.onboarding_by_flow = codes.map(|(kind, code)| (kind.word().into(), code.clone())).collect();
        direct.esign_token_host.clone_from(&config.esign_token_host);
        direct.esign_onboarding_header.clone_from(&config.esign_onboarding_header);
        direct.user_id_type.clone_from(&config.partner_user_id_type);
        direct.way = match config.token_source {
            TokenSource::InitiateFlow => UserTokenWay::InitiateFlow,
            TokenSource::V2 => UserTokenWay::V2,
        };
        direct.retry = RetryParams { tries: 1, ..RetryParams::default() };
        direct.timeout = TIMEOUT;
        // Nothing is repeated, so nothing is spread.
        let direct = Direct::new(direct, Arc::new(Timestamp::now), Arc::new(|| 0.0))?;
        Ok(Self { config, direct })
    }

    /// Whether this deployment has an onboarding code for a flow.
    #[must_use]
    pub fn offers(&self, kind: FlowKind) -> bool {
        self.config.onboarding_partner.contains_key(&kind)
    }

    /// What ids of people are called.
    #[must_use]
    pub fn user_id_type(&self) -> &str {
        &self.config.partner_user_id_type
    }

    /// The address that a kiosk talks to with its user token.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.config.base_url.resource(&[]).as_str().trim_end_matches('/').to_owned()
    }

    /// How many partner tokens were minted.
    #[must_use]
    pub fn tokens_minted(&self) -> u64 {
        self.direct.minted()
    }

    /// Starts a flow and answers its user token.
    pub async fn initiate(&self, flow: InitiateRequest) -> Result<Token, PartnerError> {
        let run = FlowRun {
            flow: flow.kind.word().into(),
            partner_session_id: flow.session,
            // The kiosk's own; a server tells nobody of it.
            sdk_session_id: Uuid::nil(),
            user_id: flow.person.user_id,
            contact: flow.contact.map(verified),
        };
        let options = LaunchOptions {
            theme: flow.theme,
            user_locale: flow.locale.map(str::to_owned),
            reference_image_url: flow.reference_image_url,
            ..LaunchOptions::default()
        };
        self.direct.user_token_with(&run, &options).await.map_err(|failure| partner_error(&failure))
    }

    /// How a submission stands.
    pub async fn details(
        &self,
        family: Family,
        which: Which<'_>,
        person: Option<&Person>,
    ) -> Result<Details, PartnerError> {
        let (partner_session_id, submission_id) = match which {
            Which::Submission(id) => (None, Some(id.to_owned())),
            Which::Session(id) => (Some(id.to_string()), None),
        };
        let family = match family {
            Family::Coe => gateway::onekyc::Family::Coe,
            Family::Esign => gateway::onekyc::Family::Esign,
        };
        let user_id = person.map(|person| person.user_id.clone());
        let query = DetailsQuery { family, partner_session_id, submission_id, user_id };
        let answer = self.direct.details_answer(&query).await.map_err(|failure| partner_error(&failure))?;
        wire::decode_details(&answer)
    }
}

fn verified(contact: Contact) -> VerifiedContact {
    let (kind, value, verification_reference_id) = match contact {
        Contact::Phone { number, reference_id } => (ContactKind::Phone, number, reference_id),
        Contact::Email { address, reference_id } => (ContactKind::Email, address, reference_id),
    };
    VerifiedContact { kind, value: value.into(), verification_reference_id }
}

/// The client's failures in the words of this server.
fn partner_error(failure: &Failure) -> PartnerError {
    if let Some(http) = failure.status {
        let causes: Vec<String> = failure.items.iter().map(|item| item.cause.clone()).collect();
        return PartnerError::from_refusal(http, &causes);
    }
    match failure.class {
        FailureClass::Unreadable => PartnerError::Unreadable,
        FailureClass::Unsendable => PartnerError::Refused { http: 0, cause: "UNSENDABLE".to_owned() },
        // Without an answer there is nothing else.
        FailureClass::Offline
        | FailureClass::TooManyRequests
        | FailureClass::Unavailable
        | FailureClass::NotAuthenticated
        | FailureClass::NotAuthorised
        | FailureClass::NotEnrolled
        | FailureClass::ClockWrong
        | FailureClass::UnknownSubmission
        | FailureClass::UnknownUser
        | FailureClass::AlreadyConfirmed
        | FailureClass::PictureRefused
        | FailureClass::QuotaExhausted
        | FailureClass::SessionTaken
        | FailureClass::AddressExpired
        | FailureClass::Invalid
        | FailureClass::Refused => PartnerError::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_keep_what_the_server_decides_by() {
        #[track_caller]
        fn check(http: u16, cause: &str, expected: PartnerError) {
            let body = format!(r#"{{"success":false,"errors":[{{"code":1,"cause":"{cause}"}}]}}"#);
            assert_eq!(partner_error(&Failure::from_answer(http, body.as_bytes(), None)), expected);
        }
        check(400, "DUPLICATE_PARTNER_SESSION_ID", PartnerError::SessionSpent);
        check(429, "SUBMISSION_QUOTA_EXCEEDED", PartnerError::QuotaExceeded);
        check(400, "SUBMISSION_DOES_NOT_EXIST", PartnerError::NotFound);
        check(503, "SERVICE_UNAVAILABLE", PartnerError::Unavailable { http: 503 });
        let refused = PartnerError::Credentials { http: 401, cause: "UNAUTHORIZED".to_owned() };
        check(401, "UNAUTHORIZED", refused);
        let offline = Failure { class: FailureClass::Offline, status: None, items: Vec::new(), after: None };
        assert_eq!(partner_error(&offline), PartnerError::Unreachable);
    }
}
