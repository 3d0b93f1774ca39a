//! OneKYC: tokens, initiating flows and reading details.
//!
//! Invariant: on a 401 the partner token is dropped, minted once and the request repeated once; then it is an error.
//! Lacks on purpose: uploading and polling, which the kiosk does with its own user token.

use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::PartnerError;
use super::http::{self, exchange};
use super::tokens::TokenCache;
use super::wire::{self, Details};
use crate::config::{OneKycConfig, SecretError, TokenSource};
use crate::flow::{Family, FlowKind};

/// The platform, as a server calls it.
pub struct OneKyc {
    config: OneKycConfig,
    http: Client,
    client_id: SecretString,
    pass_key: SecretString,
    coe: TokenCache,
    esign: TokenCache,
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
    /// `DARK_MODE`, `LIGHT_MODE` or `NO_PREFERENCE`.
    pub theme: Option<&'static str>,
    /// Where the platform may fetch a picture of the card.
    pub reference_image_url: Option<String>,
    /// Needed for Standalone Identity Verification.
    pub contact: Option<Contact>,
}

/// What a kiosk gets.
pub struct UserToken {
    /// A JWT for this flow.
    pub value: SecretString,
    /// When it lapses.
    pub expires_ms: i64,
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
    pub fn new(config: OneKycConfig) -> Result<Self, SecretError> {
        let (client_id, pass_key) = (config.client_id.read()?, config.pass_key.read()?);
        let esign_host = config.esign_token_host.as_ref().unwrap_or(&config.token_host);
        let http = http::client(&[&config.token_host, esign_host, &config.base_url])
            .expect("the settings are constant and the provider is installed");
        let cache = |url| TokenCache::new(http.clone(), url, client_id.clone(), pass_key.clone());
        let coe = cache(config.token_host.resource(&["v1", "coe", "partner", "authentication"]));
        let esign = cache(esign_host.resource(&["v1", "esign", "partner", "authentication"]));
        Ok(Self { http, client_id, pass_key, coe, esign, config })
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
        self.coe.minted() + self.esign.minted()
    }

    fn tokens(&self, family: Family) -> &TokenCache {
        match family {
            Family::Coe => &self.coe,
            Family::Esign => &self.esign,
        }
    }

    /// Sends with a partner token, twice if the first is refused.
    async fn with_token(
        &self,
        family: Family,
        now_ms: i64,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Vec<u8>, PartnerError> {
        let tokens = self.tokens(family);
        let token = tokens.token(now_ms).await?;
        let send = |token: &SecretString| exchange(request().header("x-onekyc-token", token.expose_secret()));
        match send(&token.value).await {
            Err(PartnerError::Credentials { http: 401, .. }) => {
                tokens.refused(&token).await;
                send(&tokens.token(now_ms).await?.value).await
            }
            other => other,
        }
    }

    /// Starts a flow and answers its user token.
    pub async fn initiate(&self, flow: &InitiateRequest, now_ms: i64) -> Result<UserToken, PartnerError> {
        let family = flow.kind.family();
        let body = if family == Family::Coe && self.config.token_source == TokenSource::V2 {
            let url = self.config.token_host.resource(&["v2", "coe", "authentication"]);
            let request = self
                .http
                .get(url)
                .header("client-id", self.client_id.expose_secret())
                .header("pass-key", self.pass_key.expose_secret());
            exchange(self.of_person(request, flow)).await?
        } else {
            let root = match family {
                Family::Coe => "coe-partner",
                Family::Esign => "esign-partner",
            };
            let url = self.config.base_url.resource(&[root, "v1", "initiate-flow"]);
            let body = initiate_body(flow);
            let request = || {
                let request = self.http.post(url.clone()).json(&body);
                self.of_person(request, flow).header("x-partner-session-id", flow.session.to_string())
            };
            self.with_token(family, now_ms, request).await?
        };
        let token = wire::decode_token(&body, now_ms)?;
        Ok(UserToken { value: token.value, expires_ms: token.expires_ms })
    }

    fn of_person(&self, request: RequestBuilder, flow: &InitiateRequest) -> RequestBuilder {
        let code = self.config.onboarding_partner.get(&flow.kind).map(String::as_str).unwrap_or_default();
        let header = match flow.kind.family() {
            Family::Coe => "x-onboarding-partner",
            Family::Esign => &self.config.esign_onboarding_header,
        };
        with_person(request.header(header, code), &flow.person)
    }

    /// How a submission stands.
    pub async fn details(
        &self,
        family: Family,
        which: Which<'_>,
        person: Option<&Person>,
        now_ms: i64,
    ) -> Result<Details, PartnerError> {
        let root = match family {
            Family::Coe => "coe",
            Family::Esign => "esign-partner",
        };
        let url = self.config.base_url.resource(&[root, "v1", "submissions"]);
        let request = || {
            let request = self.http.get(url.clone());
            let request = match which {
                Which::Submission(id) => request.header("x-submission-id", id),
                Which::Session(id) => request.header("x-partner-session-id", id.to_string()),
            };
            match person {
                Some(person) => with_person(request, person),
                None => request,
            }
        };
        wire::decode_details(&self.with_token(family, now_ms, request).await?)
    }
}

fn with_person(request: RequestBuilder, person: &Person) -> RequestBuilder {
    request
        .header("x-partner-user-id", &person.user_id)
        .header("x-partner-user-id-type", &person.user_id_type)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InitiateWire {
    flow: &'static str,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<&'static str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    additional_details: Map<String, Value>,
}

fn initiate_body(flow: &InitiateRequest) -> InitiateWire {
    let mut details = Map::new();
    if let Some(locale) = flow.locale {
        details.insert("userLocale".to_owned(), locale.into());
    }
    if let Some(url) = &flow.reference_image_url {
        details.insert("referenceImageUrl".to_owned(), url.as_str().into());
    }
    let (key, value, reference) = match &flow.contact {
        Some(Contact::Phone { number, reference_id }) => ("phoneNumber", Some(number), reference_id.as_str()),
        Some(Contact::Email { address, reference_id }) => ("email", Some(address), reference_id.as_str()),
        None => ("", None, ""),
    };
    if let Some(value) = value {
        details.insert(key.to_owned(), value.as_str().into());
        let verified = json!({key: {"isVerified": true, "verificationReferenceId": reference}});
        details.insert("dataVerification".to_owned(), verified);
    }
    InitiateWire { flow: flow.kind.word(), source: "SDK", theme: flow.theme, additional_details: details }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(contact: Option<Contact>) -> InitiateRequest {
        InitiateRequest {
            kind: FlowKind::StandaloneIdentityVerification,
            session: Uuid::nil(),
            person: Person { user_id: "u-1".to_owned(), user_id_type: "KIOSK_USER_ID".to_owned() },
            locale: Some("id_ID"),
            theme: None,
            reference_image_url: None,
            contact,
        }
    }

    #[test]
    fn the_body_is_the_documented_one() {
        let phone =
            Contact::Phone { number: "6280000000000".to_owned(), reference_id: "otp-0001".to_owned() };
        assert_eq!(
            serde_json::to_value(initiate_body(&flow(Some(phone)))).unwrap(),
            json!({
                "flow": "STANDALONE_IDENTITY_VERIFICATION", "source": "SDK",
                "additionalDetails": {
                    "phoneNumber": "6280000000000", "userLocale": "id_ID",
                    "dataVerification": {
                        "phoneNumber": {"isVerified": true, "verificationReferenceId": "otp-0001"},
                    },
                },
            })
        );
        let mut bare = flow(None);
        bare.locale = None;
        let body = serde_json::to_value(initiate_body(&bare)).unwrap();
        assert_eq!(body, json!({"flow": "STANDALONE_IDENTITY_VERIFICATION", "source": "SDK"}));
    }
}
