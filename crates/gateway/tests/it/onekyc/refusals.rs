//! Refusals of every call (contract A.2, A.4, A.7, A.9): class, `detailedErrorCode`, and how often it was tried.

use gateway::onekyc::FailureClass::{
    self, AlreadyConfirmed, Invalid, NotAuthenticated, NotAuthorised, PictureRefused, QuotaExhausted,
    Refused, SessionTaken, TooManyRequests, Unavailable, UnknownSubmission, UnknownUser,
};
use gateway::onekyc::{Confirmed, DetailsQuery, Failure, Family, Flow, LaunchOptions, Session};
use simulator::FaultKind;
use simulator::onekyc::{Behaviour, Call};

use super::bench::{Bench, run, siv_run};
use crate::rows::rows;

const ID: &str = "5b8c0f5e-0000-4000-8000-0000000000a1";

/// Makes the call; `Err` is its failure.
async fn make(bench: &Bench, call: Call) -> Result<(), Failure> {
    let scan = bench.session(Flow::KtpScan);
    let siv = Session::new(siv_run(), None);
    let query = |family| DetailsQuery {
        family,
        partner_session_id: None,
        submission_id: Some(ID.to_owned()),
        user_id: Some("u-0001".to_owned()),
    };
    let done = |confirmed: Result<Confirmed, Failure>| match confirmed {
        Ok(Confirmed::Now(_)) => Ok(()),
        // The client itself reads a conflict as "go and poll".
        Ok(Confirmed::Before) => Err(Failure::from_answer(409, b"", None)),
        Err(failure) => Err(failure),
    };
    match call {
        Call::PartnerToken => bench.direct.partner_token(Family::Coe).await.map(drop),
        Call::EsignPartnerToken => bench.direct.partner_token(Family::Esign).await.map(drop),
        Call::UserToken => bench.direct.user_token_v2(&run(Flow::KtpScan)).await.map(drop),
        Call::InitiateFlow => {
            bench.direct.initiate(&run(Flow::KtpScan), &LaunchOptions::default()).await.map(drop)
        }
        Call::EsignInitiateFlow => {
            bench.direct.initiate(&siv_run(), &LaunchOptions::default()).await.map(drop)
        }
        Call::UploadUrls => bench.client.upload_ticket(&scan).await.map(drop),
        Call::EsignUploadUrls => bench.client.upload_ticket(&siv).await.map(drop),
        Call::Confirm => done(bench.client.confirm(&scan, ID).await),
        Call::EsignConfirm => done(bench.client.confirm(&siv, ID).await),
        Call::Status => bench.client.status(&scan, ID).await.map(drop),
        Call::Details => bench.direct.details(&query(Family::Coe)).await.map(drop),
        Call::EsignDetails => bench.direct.details(&query(Family::Esign)).await.map(drop),
        Call::Storage => unreachable!("its rows are in `storage`"),
    }
}

fn tries(class: FailureClass) -> usize {
    // Once more with a fresh token, where there is one to replace.
    let renewed = if class == NotAuthenticated { 2 } else { 1 };
    if class.is_transient() { 4 } else { renewed }
}

/// The same refusal in both forms of the code: text and integer.
async fn refused(row: &str, call: Call, status: u16, code: &str, cause: &str, class: FailureClass) {
    for integer_code in [false, true] {
        let bench = Bench::start(Behaviour::default()).await;
        let (code, cause) = (code.to_owned(), cause.to_owned());
        let expected = format!("{status}:{code}:{cause}");
        bench.fault(call, FaultKind::Refusal { status, code, cause, integer_code });
        let failure = make(&bench, call).await.unwrap_err();
        assert_eq!(failure.class, class, "{row}: {failure}");
        if class != AlreadyConfirmed {
            assert_eq!(failure.detailed_code(), expected, "{row}");
        }
        let mints = matches!(call, Call::PartnerToken | Call::EsignPartnerToken | Call::UserToken);
        let expected = if mints && class == NotAuthenticated { 1 } else { tries(class) };
        assert_eq!(bench.asked(call), expected, "{row}");
    }
}

rows! { refused;
    a2_partner_token_without_client_id => "A.2 400 CLIENT_ID_CAN_NOT_BE_EMPTY", Call::PartnerToken, 400, "1539", "CLIENT_ID_CAN_NOT_BE_EMPTY", Invalid;
    a2_partner_token_unauthorized => "A.2 401 UNAUTHORIZED", Call::PartnerToken, 401, "110", "UNAUTHORIZED", NotAuthenticated;
    a2_partner_token_broken => "A.2 500 900", Call::PartnerToken, 500, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a2_esign_token_without_client_id => "A.2 esign 400 MISSING_CLIENT_ID", Call::EsignPartnerToken, 400, "1650", "MISSING_CLIENT_ID", Invalid;
    a2_esign_token_without_pass_key => "A.2 esign 400 MISSING_PASS_KEY", Call::EsignPartnerToken, 400, "1650", "MISSING_PASS_KEY", Invalid;
    a2_esign_token_unauthorized => "A.2 esign 401 UNAUTHORIZED", Call::EsignPartnerToken, 401, "110", "UNAUTHORIZED", NotAuthenticated;
    a2_user_token_without_credentials => "A.2 v2 400 MISSING_CLIENT_ID_OR_PASS_KEY", Call::UserToken, 400, "1539", "MISSING_CLIENT_ID_OR_PASS_KEY", Invalid;
    a2_user_token_unauthorized => "A.2 v2 401 UNAUTHORIZED", Call::UserToken, 401, "110", "UNAUTHORIZED", NotAuthenticated;
    a2_user_token_broken => "A.2 v2 500 900", Call::UserToken, 500, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a2_initiate_without_session => "A.2 initiate 400 X_PARTNER_SESSION_ID_CAN_NOT_BE_EMPTY", Call::InitiateFlow, 400, "1539", "X_PARTNER_SESSION_ID_CAN_NOT_BE_EMPTY", Invalid;
    a2_initiate_unauthorized => "A.2 initiate 401 UNAUTHORIZED", Call::InitiateFlow, 401, "110", "UNAUTHORIZED", NotAuthenticated;
    a2_initiate_foreign_onboarding => "A.2 initiate 403 ONBOARDING_PARTNER_DOES_NOT_BELONG_TO_CLIENT", Call::InitiateFlow, 403, "110", "ONBOARDING_PARTNER_DOES_NOT_BELONG_TO_CLIENT", NotAuthorised;
    a2_initiate_broken => "A.2 initiate 500 GENERIC_SERVICE_ERROR", Call::InitiateFlow, 500, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a4_1_urls_without_partner => "A.4.1 400 COE_PARTNER_CAN_NOT_BE_EMPTY", Call::UploadUrls, 400, "1539", "COE_PARTNER_CAN_NOT_BE_EMPTY", Invalid;
    a4_1_urls_wrong_type => "A.4.1 400 INVALID_SUBMISSION_TYPE", Call::UploadUrls, 400, "1542", "INVALID_SUBMISSION_TYPE", Invalid;
    a4_1_urls_quota => "A.4.1 429 SUBMISSION_QUOTA_EXCEEDED", Call::UploadUrls, 429, "429", "SUBMISSION_QUOTA_EXCEEDED", QuotaExhausted;
    a4_1_urls_broken => "A.4.1 500 SOMETHING_WENT_WRONG", Call::UploadUrls, 500, "900", "SOMETHING_WENT_WRONG", Unavailable;
    a4_1_urls_unauthorized => "A.4.1 401 (sibling page)", Call::UploadUrls, 401, "110", "UNAUTHORIZED", NotAuthenticated;
    a4_1_urls_forbidden => "A.4.1 403 (sibling page)", Call::UploadUrls, 403, "110", "FORBIDDEN", NotAuthorised;
    a4_3_confirm_without_sdk_session => "A.4.3 400 X_SDK_SESSION_ID_CAN_NOT_BE_EMPTY", Call::Confirm, 400, "1539", "X_SDK_SESSION_ID_CAN_NOT_BE_EMPTY", Invalid;
    a4_3_confirm_invalid => "A.4.3 400 INVALID_CONFIRM_UPLOAD_REQUEST", Call::Confirm, 400, "1542", "INVALID_CONFIRM_UPLOAD_REQUEST", Invalid;
    a4_3_confirm_unauthorized => "A.4.3 401 UNAUTHORIZED", Call::Confirm, 401, "110", "UNAUTHORIZED", NotAuthenticated;
    a4_3_confirm_forbidden => "A.4.3 403 FORBIDDEN", Call::Confirm, 403, "110", "FORBIDDEN", NotAuthorised;
    a4_3_confirm_unknown => "A.4.3 404 SUBMISSION_DOES_NOT_EXIST", Call::Confirm, 404, "404", "SUBMISSION_DOES_NOT_EXIST", UnknownSubmission;
    a4_3_confirm_twice => "A.4.3 409 SUBMISSION_STATE_CONFLICT", Call::Confirm, 409, "409", "SUBMISSION_STATE_CONFLICT", AlreadyConfirmed;
    a4_3_confirm_bad_picture => "A.4.3 422 INVALID_UPLOAD_ARTIFACT", Call::Confirm, 422, "422", "INVALID_UPLOAD_ARTIFACT", PictureRefused;
    a4_3_confirm_too_many => "A.4.3 429 TOO_MANY_REQUESTS", Call::Confirm, 429, "429", "TOO_MANY_REQUESTS", TooManyRequests;
    a4_3_confirm_broken => "A.4.3 500 GENERIC_SERVICE_ERROR", Call::Confirm, 500, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a4_3_confirm_unavailable => "A.4.3 503 SERVICE_UNAVAILABLE", Call::Confirm, 503, "903", "SERVICE_UNAVAILABLE", Unavailable;
    a4_4_status_without_partner => "A.4.4 400 COE_PARTNER_CAN_NOT_BE_EMPTY", Call::Status, 400, "1539", "COE_PARTNER_CAN_NOT_BE_EMPTY", Invalid;
    a4_4_status_invalid_id => "A.4.4 400 INVALID_SUBMISSION_ID", Call::Status, 400, "1541", "INVALID_SUBMISSION_ID", Invalid;
    a4_4_status_unknown => "A.4.4 404 SUBMISSION_DOES_NOT_EXIST", Call::Status, 404, "1543", "SUBMISSION_DOES_NOT_EXIST", UnknownSubmission;
    a4_4_status_broken => "A.4.4 500 SOMETHING_WENT_WRONG", Call::Status, 500, "900", "SOMETHING_WENT_WRONG", Unavailable;
    a4_5_details_without_user => "A.4.5 400 PARTNER_USER_ID_CAN_NOT_BE_EMPTY", Call::Details, 400, "1550", "PARTNER_USER_ID_CAN_NOT_BE_EMPTY", Invalid;
    a4_5_details_unknown => "A.4.5 400 SUBMISSION_DOES_NOT_EXIST", Call::Details, 400, "1552", "SUBMISSION_DOES_NOT_EXIST", UnknownSubmission;
    a4_5_details_foreign_session => "A.4.5 400 PARTNER_SESSION_ID_DOES_NOT_BELONG_TO_THE_USER", Call::Details, 400, "1553", "PARTNER_SESSION_ID_DOES_NOT_BELONG_TO_THE_USER", Invalid;
    a4_5_details_unauthorized => "A.4.5 401 1539 UNAUTHORIZED", Call::Details, 401, "1539", "UNAUTHORIZED", NotAuthenticated;
    a4_5_details_forbidden => "A.4.5 403 903 FORBIDDEN", Call::Details, 403, "903", "FORBIDDEN", NotAuthorised;
    a4_5_details_broken => "A.4.5 500 GENERIC_SERVICE_ERROR", Call::Details, 500, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a7_without_user_id => "A.7 400 PARTNER_USER_ID_CAN_NOT_BE_EMPTY", Call::EsignInitiateFlow, 400, "1539", "PARTNER_USER_ID_CAN_NOT_BE_EMPTY", Invalid;
    a7_without_user_id_type => "A.7 400 PARTNER_USER_ID_TYPE_CAN_NOT_BE_EMPTY", Call::EsignInitiateFlow, 400, "1539", "PARTNER_USER_ID_TYPE_CAN_NOT_BE_EMPTY", Invalid;
    a7_without_session => "A.7 400 PARTNER_SESSION_ID_CANNOT_BE_EMPTY", Call::EsignInitiateFlow, 400, "1539", "PARTNER_SESSION_ID_CANNOT_BE_EMPTY", Invalid;
    a7_invalid_flow => "A.7 400 INVALID_FLOW", Call::EsignInitiateFlow, 400, "1539", "INVALID_FLOW", Invalid;
    a7_invalid_partner => "A.7 400 INVALID_PARTNER", Call::EsignInitiateFlow, 400, "1539", "INVALID_PARTNER", Invalid;
    a7_invalid_source => "A.7 400 INVALID_SOURCE", Call::EsignInitiateFlow, 400, "1539", "INVALID_SOURCE", Invalid;
    a7_without_details => "A.7 400 ADDITIONAL_DETAILS_IS_NULL", Call::EsignInitiateFlow, 400, "1539", "ADDITIONAL_DETAILS_IS_NULL", Invalid;
    a7_invalid_email => "A.7 400 EMAIL_IS_NULL/EMAIL_IS_INVALID", Call::EsignInitiateFlow, 400, "1539", "EMAIL_IS_NULL/EMAIL_IS_INVALID", Invalid;
    a7_without_contact => "A.7 400 PHONE_NUMBER_OR_EMAIL_IS_REQUIRED", Call::EsignInitiateFlow, 400, "1539", "PHONE_NUMBER_OR_EMAIL_IS_REQUIRED", Invalid;
    a7_invalid_phone => "A.7 400 PHONE_NUMBER_IS_INVALID", Call::EsignInitiateFlow, 400, "1539", "PHONE_NUMBER_IS_INVALID", Invalid;
    a7_unverified => "A.7 400 DATA_VERIFICATION_IS_EMPTY", Call::EsignInitiateFlow, 400, "1539", "DATA_VERIFICATION_IS_EMPTY", Invalid;
    a7_email_unverified => "A.7 400 EMAIL_VERIFICATION_IS_REQUIRED", Call::EsignInitiateFlow, 400, "1539", "EMAIL_VERIFICATION_IS_REQUIRED", Invalid;
    a7_email_without_reference => "A.7 400 EMAIL_VERIFICATION_REFERENCE_ID_IS_REQUIRED", Call::EsignInitiateFlow, 400, "1539", "EMAIL_VERIFICATION_REFERENCE_ID_IS_REQUIRED", Invalid;
    a7_phone_untrue => "A.7 400 PHONE_NUMBER_VERIFICATION_MUST_BE_TRUE", Call::EsignInitiateFlow, 400, "1539", "PHONE_NUMBER_VERIFICATION_MUST_BE_TRUE", Invalid;
    a7_phone_without_reference => "A.7 400 PHONE_NUMBER_VERIFICATION_REFERENCE_ID_IS_REQUIRED", Call::EsignInitiateFlow, 400, "1539", "PHONE_NUMBER_VERIFICATION_REFERENCE_ID_IS_REQUIRED", Invalid;
    a7_session_taken => "A.7 400 DUPLICATE_PARTNER_SESSION_ID", Call::EsignInitiateFlow, 400, "1539", "DUPLICATE_PARTNER_SESSION_ID", SessionTaken;
    a7_without_esign_partner => "A.7 400 ESIGN_PARTNER_CAN_NOT_BE_EMPTY", Call::EsignInitiateFlow, 400, "1650", "ESIGN_PARTNER_CAN_NOT_BE_EMPTY", Invalid;
    a7_without_onboarding => "A.7 400 ESIGN_ONBOARDING_PARTNER_CAN_NOT_BE_EMPTY", Call::EsignInitiateFlow, 400, "1650", "ESIGN_ONBOARDING_PARTNER_CAN_NOT_BE_EMPTY", Invalid;
    a7_unauthorized => "A.7 401 UNAUTHORIZED", Call::EsignInitiateFlow, 401, "110", "UNAUTHORIZED", NotAuthenticated;
    a7_foreign_onboarding => "A.7 403 ONBOARDING_PARTNER_DOES_NOT_BELONG_TO_CLIENT", Call::EsignInitiateFlow, 403, "110", "ONBOARDING_PARTNER_DOES_NOT_BELONG_TO_CLIENT", NotAuthorised;
    a7_result_user_unknown_for_partner => "A.7 404 1514", Call::EsignDetails, 404, "1514", "USER_NOT_FOUND_FOR_PARTNER_AND_PARTNER_USER_ID_AND_PARTNER_USER_ID_TYPE", UnknownUser;
    a7_result_user_unknown => "A.7 404 1518 USER_NOT_FOUND", Call::EsignDetails, 404, "1518", "USER_NOT_FOUND", UnknownUser;
    a7_result_foreign_submission => "A.7 400 1653", Call::EsignDetails, 400, "1653", "SUBMISSION_ID_DOES_NOT_BELONG_TO_CURRENT_USER", Invalid;
    a9_esign_urls_quota => "A.9 429 SUBMISSION_QUOTA_EXCEEDED (esign)", Call::EsignUploadUrls, 429, "429", "SUBMISSION_QUOTA_EXCEEDED", QuotaExhausted;
    a9_esign_confirm_twice => "A.9 409 SUBMISSION_STATE_CONFLICT (esign)", Call::EsignConfirm, 409, "409", "SUBMISSION_STATE_CONFLICT", AlreadyConfirmed;
    a9_request_timeout => "A.9 retry 408", Call::Status, 408, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a9_too_early => "A.9 retry 425", Call::Status, 425, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a9_bad_gateway => "A.9 retry 502", Call::Status, 502, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a9_service_unavailable => "A.9 retry 503", Call::Status, 503, "903", "SERVICE_UNAVAILABLE", Unavailable;
    a9_gateway_timeout => "A.9 retry 504", Call::Status, 504, "900", "GENERIC_SERVICE_ERROR", Unavailable;
    a9_not_implemented => "A.9 501 is not in the list", Call::Status, 501, "900", "GENERIC_SERVICE_ERROR", Refused;
    a9_gone => "A.9 410 is not in the list", Call::Status, 410, "900", "GENERIC_SERVICE_ERROR", Refused;
    a9_code_429_is_not_enough => "A.9 never by code alone: 400 with code 429", Call::UploadUrls, 400, "429", "INVALID_SUBMISSION_TYPE", Invalid;
    a9_code_110_is_not_enough => "A.9 never by code alone: 403 with code 110", Call::Status, 403, "110", "UNAUTHORIZED", NotAuthorised;
    a9_code_903_is_not_enough => "A.9 never by code alone: 403 with code 903", Call::Status, 403, "903", "SERVICE_UNAVAILABLE", NotAuthorised;
    a9_code_1539_is_not_enough => "A.9 never by code alone: 401 with code 1539", Call::Status, 401, "1539", "X_SDK_SESSION_ID_CAN_NOT_BE_EMPTY", NotAuthenticated;
}
