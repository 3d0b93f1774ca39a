//! Each limit refuses with its own error, and its edge is allowed.

use bundle::{BundleError, CaptureDocument, MAX_BASE64_BYTES, SigningProfile};
use secrecy::SecretString;

use crate::sample::{document, jpeg_of};

fn check(change: impl Fn(&mut CaptureDocument), expected: Result<(), BundleError>) {
    let mut document = document();
    change(&mut document);
    let signed = document.sign(SigningProfile::default(), &SecretString::from("qe_whsec_EXAMPLEONLY"));
    assert_eq!(signed.map(|_| ()), expected);
}

#[test]
fn frames_are_counted_and_weighed() {
    check(|d| d.frames.clear(), Err(BundleError::NoFrames));
    check(|d| d.frames = vec![jpeg_of(100); 5], Ok(()));
    check(|d| d.frames = vec![jpeg_of(100); 6], Err(BundleError::TooManyFrames { count: 6 }));
    let most = MAX_BASE64_BYTES / 4 * 3;
    check(|d| d.frames = vec![jpeg_of(most)], Ok(()));
    let over = BundleError::FramesTooLarge { base64_bytes: MAX_BASE64_BYTES + 4 };
    check(|d| d.frames = vec![jpeg_of(most + 1)], Err(over));
    let over = BundleError::FramesTooLarge { base64_bytes: MAX_BASE64_BYTES + 8 };
    check(|d| d.frames = vec![jpeg_of(most / 2 + 1); 2], Err(over));
}

#[test]
fn words_have_their_form() {
    for name in ["", "loket", "@", "loket@", "@0.1.0", "lo ket@0.1.0"] {
        check(|d| d.sdk_version = name.into(), Err(BundleError::SdkVersion));
    }
    for word in ["", "Web", "web app", "wéb"] {
        check(|d| d.platform = word.into(), Err(BundleError::Platform));
    }
    check(|d| d.platform = "rn-ios".into(), Ok(()));
}

#[test]
fn readings_are_of_the_contract() {
    let unknown = |key: &str| Err(BundleError::UnknownField { key: key.to_owned() });
    check(
        |d| {
            d.ocr_fields.insert("province".into(), "BALI".into());
        },
        unknown("province"),
    );
    check(
        |d| {
            d.ocr_confidence.insert("NIK".into(), 0.5);
        },
        unknown("NIK"),
    );
    for outside in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
        let expected = Err(BundleError::Confidence { key: "nik".into() });
        check(
            |d| {
                d.ocr_confidence.insert("nik".into(), outside);
            },
            expected,
        );
    }
}

#[test]
fn flash_evidence_is_whole() {
    let flash = |d: &mut CaptureDocument| d.flash.take().expect("the sample has it");
    check(
        |d| d.flash = Some(bundle::FlashEvidence { nonce: String::new(), ..flash(d) }),
        Err(BundleError::Flash),
    );
    check(|d| d.flash = Some(bundle::FlashEvidence { samples: vec![], ..flash(d) }), Err(BundleError::Flash));
    let twice = |d: &mut CaptureDocument| {
        let mut evidence = flash(d);
        evidence.samples.push(evidence.samples[0]);
        d.flash = Some(evidence);
    };
    check(twice, Err(BundleError::Flash));
}
