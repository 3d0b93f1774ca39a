//! A real submission in the queue's files: nothing of it can be read.

use std::fs;

use secrecy::ExposeSecret as _;
use testkit::ManualClock;

use crate::support::{enqueue, open_queue, with_challenge};

#[test]
fn a_queued_submission_cannot_be_read() {
    let (clock, (dir, outbox)) = (ManualClock::default(), open_queue());
    let submission = with_challenge("cus_readable", 5, clock.now());
    let plain = submission.to_bytes().unwrap();
    enqueue(&outbox, &submission, clock.now());

    let document = submission.bundle.as_ref().unwrap().document();
    let secret = submission.challenge.as_ref().unwrap().hmac_secret.expose_secret().as_bytes().to_vec();
    let mut needles: Vec<Vec<u8>> =
        document.ocr_fields.values().map(|value| value.clone().into_bytes()).collect();
    needles.retain(|needle| needle.len() > 5);
    needles.extend([secret, b"cus_readable".to_vec(), b"/9j/4AAQ".to_vec(), b"ocrFields".to_vec()]);
    needles.push(vec![0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10]);
    let finds = |bytes: &[u8], needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let in_plain = needles.iter().filter(|needle| finds(&plain, needle)).count();
    assert!(in_plain >= 10, "the search finds {in_plain} of them in the plain bytes");

    let mut searched = 0;
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        searched += bytes.len();
        for needle in &needles {
            assert!(
                !finds(&bytes, needle),
                "{:?} is readable in {}",
                String::from_utf8_lossy(needle),
                path.display()
            );
        }
    }
    assert!(searched > plain.len(), "the files hold the capture");
}
