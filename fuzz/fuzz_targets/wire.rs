//! Any bytes as what is read back from the queue or sent by a partner: decoders do not panic, and what they accept
//! survives being written and read again.

#![no_main]

use bundle::{JpegFrame, SignedBundle, SignedFace};
use gateway::Submission;
use gateway::identity_platform::{face_wire, wire};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    drop(JpegFrame::try_from(data));
    if let Ok(bundle) = serde_json::from_slice::<SignedBundle>(data) {
        let written = serde_json::to_vec(&bundle).expect("strings and finite numbers");
        let back: SignedBundle = serde_json::from_slice(&written).expect("our own JSON");
        assert!(back == bundle);
    }
    if let Ok(face) = serde_json::from_slice::<SignedFace>(data) {
        let written = serde_json::to_vec(&face).expect("strings and finite numbers");
        let back: SignedFace = serde_json::from_slice(&written).expect("our own JSON");
        assert!(back == face);
    }
    if let Ok(submission) = Submission::from_bytes(data) {
        let written = submission.to_bytes().expect("strings and finite numbers");
        Submission::from_bytes(&written).expect("our own bytes");
    }
    drop(wire::decode_challenge(data));
    drop(wire::decode_capture(data));
    drop(face_wire::decode_liveness(data));
    drop(face_wire::decode_step_up(data));
    drop(wire::decode_tier(data));
    drop(wire::decode_created(data));
    drop(wire::decode_error(data));
});
