//! The played calls of both API families.
//! Invariant: one word per call, used in fault rules and the request log alike. Deliberately lacks paths; see `routes`.

use serde::{Deserialize, Serialize};

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Call {
    /// `GET /v1/coe/partner/authentication`
    PartnerToken,
    /// `GET /v2/coe/authentication`
    UserToken,
    /// `POST /coe-partner/v1/initiate-flow`
    InitiateFlow,
    /// `GET /coe/v1/submissions/urls`
    UploadUrls,
    /// `PUT /coe/v1/submissions/urls`
    Confirm,
    /// `GET /coe/v1/submissions/{submissionId}/status`
    Status,
    /// `GET /coe/v1/submissions`
    Details,
    /// `GET /v1/esign/partner/authentication`
    EsignPartnerToken,
    /// `POST /esign-partner/v1/initiate-flow`
    EsignInitiateFlow,
    /// `GET /esign-partner/v1/submissions/urls`
    EsignUploadUrls,
    /// `PUT /esign-partner/v1/submissions/urls`
    EsignConfirm,
    /// `GET /esign-partner/v1/submissions`
    EsignDetails,
    /// A signed address of the storage host.
    Storage,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 13] = [
        Self::PartnerToken,
        Self::UserToken,
        Self::InitiateFlow,
        Self::UploadUrls,
        Self::Confirm,
        Self::Status,
        Self::Details,
        Self::EsignPartnerToken,
        Self::EsignInitiateFlow,
        Self::EsignUploadUrls,
        Self::EsignConfirm,
        Self::EsignDetails,
        Self::Storage,
    ];

    /// The word in the request log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PartnerToken => "partnerToken",
            Self::UserToken => "userToken",
            Self::InitiateFlow => "initiateFlow",
            Self::UploadUrls => "uploadUrls",
            Self::Confirm => "confirm",
            Self::Status => "status",
            Self::Details => "details",
            Self::EsignPartnerToken => "esignPartnerToken",
            Self::EsignInitiateFlow => "esignInitiateFlow",
            Self::EsignUploadUrls => "esignUploadUrls",
            Self::EsignConfirm => "esignConfirm",
            Self::EsignDetails => "esignDetails",
            Self::Storage => "storage",
        }
    }

    /// Whether it belongs to the other family.
    pub fn is_esign(self) -> bool {
        match self {
            Self::EsignPartnerToken
            | Self::EsignInitiateFlow
            | Self::EsignUploadUrls
            | Self::EsignConfirm
            | Self::EsignDetails => true,
            Self::PartnerToken
            | Self::UserToken
            | Self::InitiateFlow
            | Self::UploadUrls
            | Self::Confirm
            | Self::Status
            | Self::Details
            | Self::Storage => false,
        }
    }
}
