//! The body that starts a flow, exactly as it travels.
//!
//! Invariant: `userLocale` and the contact are inside `additionalDetails` (contract C12).

use serde::Serialize;

use super::run::{ContactKind, FlowRun, LaunchOptions, LaunchSource, LaunchTheme};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InitiateWire<'a> {
    flow: &'a str,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_redirection_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_redirection_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_details: Option<AdditionalWire<'a>>,
}

#[derive(Serialize, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
struct AdditionalWire<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reference_image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_locale: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_qr: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_qr: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portrait_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_verification: Option<DataVerificationWire<'a>>,
}

#[derive(Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct DataVerificationWire<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<VerifiedWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<VerifiedWire<'a>>,
}

#[derive(Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct VerifiedWire<'a> {
    is_verified: bool,
    verification_reference_id: &'a str,
}

impl<'a> InitiateWire<'a> {
    pub(super) fn of(run: &'a FlowRun, options: &'a LaunchOptions) -> Self {
        let (source, success, failure) = match &options.source {
            LaunchSource::Sdk => ("SDK", None, None),
            LaunchSource::WebSdk { success_url, failure_url } => {
                ("WEB_SDK", Some(success_url.as_str()), Some(failure_url.as_str()))
            }
        };
        let additional = additional(run, options);
        Self {
            flow: run.flow.as_str(),
            source,
            success_redirection_url: success,
            failure_redirection_url: failure,
            theme: options.theme.map(|theme| match theme {
                LaunchTheme::Dark => "DARK_MODE",
                LaunchTheme::Light => "LIGHT_MODE",
                LaunchTheme::NoPreference => "NO_PREFERENCE",
            }),
            additional_details: (additional != AdditionalWire::default()).then_some(additional),
        }
    }
}

fn additional<'a>(run: &'a FlowRun, options: &'a LaunchOptions) -> AdditionalWire<'a> {
    let mut wire = AdditionalWire {
        reference_image_url: options.reference_image_url.as_deref(),
        user_locale: options.user_locale.as_deref(),
        allow_qr: options.allow_qr,
        force_qr: options.force_qr,
        portrait_only: options.portrait_only,
        ..AdditionalWire::default()
    };
    if let Some(contact) = &run.contact {
        let verified =
            VerifiedWire { is_verified: true, verification_reference_id: &contact.verification_reference_id };
        let value = Some(contact.value.as_str());
        match contact.kind {
            ContactKind::Phone => {
                wire.phone_number = value;
                wire.data_verification =
                    Some(DataVerificationWire { phone_number: Some(verified), email: None });
            }
            ContactKind::Email => {
                wire.email = value;
                wire.data_verification =
                    Some(DataVerificationWire { phone_number: None, email: Some(verified) });
            }
        }
    }
    wire
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::onekyc::{Flow, VerifiedContact};

    fn run(flow: Flow, contact: Option<VerifiedContact>) -> FlowRun {
        let id = Uuid::from_u128(7);
        FlowRun { flow, partner_session_id: id, sdk_session_id: id, user_id: "u-0001".to_owned(), contact }
    }

    #[test]
    fn bodies_are_as_documented() {
        let scan = run(Flow::KtpScan, None);
        let options = LaunchOptions {
            theme: Some(LaunchTheme::Light),
            user_locale: Some("id_ID".to_owned()),
            ..LaunchOptions::default()
        };
        let expected = json!({"flow": "KTP_SCAN", "source": "SDK", "theme": "LIGHT_MODE",
            "additionalDetails": {"userLocale": "id_ID"}});
        assert_eq!(serde_json::to_value(InitiateWire::of(&scan, &options)).unwrap(), expected);
        let bare = LaunchOptions::default();
        let expected = json!({"flow": "KTP_SCAN", "source": "SDK"});
        assert_eq!(serde_json::to_value(InitiateWire::of(&scan, &bare)).unwrap(), expected);
    }

    #[test]
    fn a_standalone_verification_carries_its_contact() {
        let contact = VerifiedContact {
            kind: ContactKind::Phone,
            value: "6280000000000".to_owned().into(),
            verification_reference_id: "otp-0001".to_owned(),
        };
        let run = run(Flow::StandaloneIdentityVerification, Some(contact));
        let source = LaunchSource::WebSdk {
            success_url: "https://kiosk.example.test/ok".to_owned(),
            failure_url: "https://kiosk.example.test/fail".to_owned(),
        };
        let options =
            LaunchOptions { source, user_locale: Some("id_ID".to_owned()), ..LaunchOptions::default() };
        let expected = json!({"flow": "STANDALONE_IDENTITY_VERIFICATION", "source": "WEB_SDK",
            "successRedirectionUrl": "https://kiosk.example.test/ok",
            "failureRedirectionUrl": "https://kiosk.example.test/fail",
            "additionalDetails": {"phoneNumber": "6280000000000", "userLocale": "id_ID",
                "dataVerification": {"phoneNumber": {"isVerified": true, "verificationReferenceId": "otp-0001"}}}});
        assert_eq!(serde_json::to_value(InitiateWire::of(&run, &options)).unwrap(), expected);
    }
}
