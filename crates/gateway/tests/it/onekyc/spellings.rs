//! Where the pages contradict each other (contract A.12), every spelling is understood.

use gateway::onekyc::{DocumentKey, ExitReason, FailureClass, Flow};
use simulator::onekyc::{Behaviour, Spelling};

use super::bench::{Bench, card};
use crate::rows::rows;

fn keys(keys: &[&str]) -> Behaviour {
    Behaviour { card_keys: keys.iter().map(|key| (*key).to_owned()).collect(), ..Behaviour::default() }
}

async fn passes(row: &str, behaviour: Behaviour) {
    let ending = Bench::start(behaviour).await.scan(&card()).await.unwrap();
    assert_eq!(ending.exit, ExitReason::Success, "{row}");
}

rows! { passes;
    c8_documented => "A.12 C8 expiry as documented", Behaviour::default();
    c8_snake => "A.12 C8 expiry_seconds", Behaviour { spelling: Spelling::Snake, ..Behaviour::default() };
    c8_camel => "A.12 C8 expirySeconds", Behaviour { spelling: Spelling::Camel, ..Behaviour::default() };
    c8_numbers => "A.12 C8 numbers for strings", Behaviour { spelling: Spelling::Numbers, ..Behaviour::default() };
    c8_other_case => "A.12 C8 selfie or SELFIE", Behaviour { other_case: true, ..Behaviour::default() };
    c6_ktp => "A.12 C6 key KTP", keys(&["KTP"]);
    c6_ktp_front => "A.12 C6 key KTP_FRONT", keys(&["KTP_FRONT"]);
    c6_lower_case => "A.12 C6 key in lower case", keys(&["ktp_front"]);
    c14_short_tokens => "A.12 C14 token of six minutes", Behaviour { user_token_s: 360, partner_token_s: 360, ..Behaviour::default() };
    c14_shorter_than_the_margin => "A.12 C14 token of one minute", Behaviour { user_token_s: 60, partner_token_s: 60, ..Behaviour::default() };
    unknown_members => "A.4.1 extra fields may appear", Behaviour { unknown_members: true, ..Behaviour::default() };
    c1_partner_token_only => "A.12 C1 results for the partner's token only", Behaviour { details_with_user_token: false, ..Behaviour::default() };
}

async fn asks_for_what_we_lack(row: &str, behaviour: Behaviour) {
    let bench = Bench::start(behaviour).await;
    let failure = bench.scan(&card()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Invalid, "{row}");
    assert_eq!(bench.asked(simulator::onekyc::Call::Storage), 0, "{row}: found before anything is uploaded");
}

rows! { asks_for_what_we_lack;
    c6_back_wanted => "A.12 C6 KTP_BACK is a configuration error", keys(&["KTP_FRONT", "KTP_BACK"]);
    c6_unknown_key => "A.12 C6 unknown key is a configuration error", keys(&["PASSPORT"]);
    c6_no_key => "A.12 C6 no document at all", keys(&[]);
}

#[tokio::test]
async fn unknown_members_are_kept() {
    let bench = Bench::start(Behaviour { unknown_members: true, ..Behaviour::default() }).await;
    let session = bench.session(Flow::KtpScan);
    let ticket = bench.client.upload_ticket(&session).await.unwrap();
    assert!(ticket.unknown.reveal().contains_key("xNewMember"));
    assert_eq!(ticket.slots[0].key, DocumentKey::Ktp);
    assert_eq!(ticket.slots[0].expires_in, std::time::Duration::from_secs(600));
    assert_eq!(ticket.ui_messages.len(), 1);
    let shown = format!("{ticket:?}");
    assert!(!shown.contains("X-Sim-Signature") && !shown.contains("2026\""), "{shown}");
}

/// C2: user tokens by the v2 call, where configured.
#[tokio::test]
async fn user_tokens_come_by_v2_where_configured() {
    let bench = Bench::v2(Behaviour::default()).await;
    assert_eq!(bench.scan(&card()).await.unwrap().exit, ExitReason::Success);
    assert_eq!(bench.asked(simulator::onekyc::Call::InitiateFlow), 0);
    assert_eq!(bench.asked(simulator::onekyc::Call::UserToken), 1);
}
