//! Uploads (contract A.4.2): retries, expiry, and what the storage host gets to see.

use std::time::Duration;

use gateway::onekyc::FailureClass::{
    self, AddressExpired, PictureRefused, Refused, TooManyRequests, Unavailable, Unreadable,
};
use gateway::onekyc::{ExitReason, Flow, Upload};
use simulator::FaultKind;
use simulator::onekyc::{Behaviour, Call};

use super::bench::{Bench, card};
use crate::rows::rows;

async fn put(bench: &Bench, picture: &[u8]) -> Result<(), FailureClass> {
    let ticket = bench.client.upload_ticket(&bench.session(Flow::KtpScan)).await.unwrap();
    let slot = &ticket.slots[0];
    let expires_at = bench.client.expiry_of(slot.expires_in);
    let upload = Upload { address: &slot.url, expires_at, picture };
    bench.client.upload(&upload).await.map_err(|failure| failure.class)
}

async fn answered(row: &str, status: u16, class: FailureClass, tries: usize) {
    let bench = Bench::start(Behaviour::default()).await;
    bench.fault(Call::Storage, FaultKind::Status { code: status });
    assert_eq!(put(&bench, &card()).await, Err(class), "{row}");
    assert_eq!(bench.asked(Call::Storage), tries, "{row}");
}

rows! { answered;
    a4_2_expired => "A.4.2 403: the address ran out", 403, AddressExpired, 1;
    a4_2_request_timeout => "A.4.2 408 is retried three times", 408, Unavailable, 4;
    a4_2_too_many => "A.4.2 429 is retried three times", 429, TooManyRequests, 4;
    a4_2_server_error => "A.4.2 500 is retried three times", 500, Unavailable, 4;
    a4_2_slow_down => "A.4.2 503 is retried three times", 503, Unavailable, 4;
    a4_2_too_large => "A.4.2 413: another picture", 413, PictureRefused, 1;
    a4_2_redirect => "A.4.2 no redirects are followed", 307, Unreadable, 1;
    a4_2_malformed => "A.4.2 400 is not retried", 400, Refused, 1;
}

#[tokio::test]
async fn a4_2_200_means_stored() {
    let bench = Bench::start(Behaviour::default()).await;
    assert_eq!(put(&bench, &card()).await, Ok(()));
    assert_eq!(bench.server.onekyc.submissions()[0].pictures_sha256.len(), 1);
}

#[tokio::test]
async fn a4_2_a_broken_line_is_retried() {
    let bench = Bench::start(Behaviour::default()).await;
    bench.fault_times(Call::Storage, FaultKind::DropAfterCommit, 2);
    assert_eq!(put(&bench, &card()).await, Ok(()));
    assert_eq!(bench.asked(Call::Storage), 3);
}

/// The simulated storage refuses any platform header, as one with signed addresses does.
#[tokio::test]
async fn a4_2_no_platform_header_is_sent() {
    let bench = Bench::start(Behaviour::default()).await;
    assert_eq!(bench.scan(&card()).await.unwrap().exit, ExitReason::Success);
    assert!(bench.server.onekyc.requests().iter().all(|row| row.status == 200));
}

#[tokio::test]
async fn a4_2_an_address_that_ran_out_is_asked_for_anew_once() {
    let bench = Bench::start(Behaviour::default()).await;
    bench.fault_times(Call::Storage, FaultKind::Status { code: 403 }, 1);
    assert_eq!(bench.scan(&card()).await.unwrap().exit, ExitReason::Success);
    assert_eq!((bench.asked(Call::UploadUrls), bench.confirmed().len()), (2, 1));
}

#[tokio::test]
async fn a4_2_a_storage_that_refuses_fresh_addresses_is_a_failure_to_be_tried_later() {
    let bench = Bench::start(Behaviour::default()).await;
    bench.fault(Call::Storage, FaultKind::Status { code: 403 });
    assert_eq!(bench.scan(&card()).await.unwrap_err().class, AddressExpired);
    assert_eq!((bench.asked(Call::UploadUrls), bench.asked(Call::Storage)), (2, 2));
}

#[tokio::test]
async fn c7_addresses_too_short_to_use_are_not_asked_for_in_circles() {
    let bench = Bench::start(Behaviour { url_expiry_s: 9, ..Behaviour::default() }).await;
    assert_eq!(bench.scan(&card()).await.unwrap_err().class, AddressExpired);
    assert_eq!((bench.asked(Call::UploadUrls), bench.asked(Call::Storage)), (1, 0));
}

#[tokio::test]
async fn c7_expiry_is_obeyed() {
    // Less than the margin: no address is used, and the upload waits for a better one.
    let bench = Bench::start(Behaviour { url_expiry_s: 9, ..Behaviour::default() }).await;
    assert_eq!(put(&bench, &card()).await, Err(AddressExpired));
    assert_eq!(bench.asked(Call::Storage), 0);
    let bench = Bench::start(Behaviour { url_expiry_s: 432_000, ..Behaviour::default() }).await;
    assert_eq!(put(&bench, &card()).await, Ok(()));
}

#[tokio::test]
async fn q9_only_pictures_of_a_sane_size_are_sent() {
    let bench = Bench::with(Behaviour::default(), |_| {}, |config| config.upload.max_bytes = 100).await;
    assert_eq!(put(&bench, &card()).await, Err(FailureClass::Unsendable));
    let bench = Bench::start(Behaviour::default()).await;
    assert_eq!(put(&bench, b"GIF89a").await, Err(FailureClass::Unsendable));
    assert_eq!(bench.asked(Call::Storage), 0);
}

#[tokio::test]
async fn storage_hosts_are_a_list_of_their_own() {
    let elsewhere = vec!["storage.example.test".to_owned()];
    let bench = Bench::with(Behaviour::default(), |_| {}, |config| config.storage_hosts = elsewhere).await;
    assert_eq!(put(&bench, &card()).await, Err(FailureClass::Unsendable));
    assert_eq!(bench.asked(Call::Storage), 0);
    let here = vec!["127.0.0.1".to_owned()];
    let bench = Bench::with(
        Behaviour::default(),
        |_| {},
        |config| {
            config.storage_hosts = here;
            config.upload.timeout = Duration::from_secs(5);
        },
    );
    assert_eq!(put(&bench.await, &card()).await, Ok(()));
}
