//! The crate's outer edges: two processes at one door, and pages at the other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks at what it is about")]

mod doors;
mod pages;

use std::sync::{Arc, Mutex};

use launch::{Ending, HandOverCode, Hear, Incoming, LaunchRequest};

/// A request whose token must be seen nowhere.
fn request(number: u8) -> String {
    format!(
        r#"{{"launch": "launchKTPScan", "baseUrl": "https://onekyc.example.test", "token": "a.EXAMPLEONLY.c",
            "correlationId": "5b0cbb1e-6f55-4a8c-9a93-1d1f6f6a00{number:02}"}}"#
    )
}

fn id(number: u8) -> String {
    format!("5b0cbb1e-6f55-4a8c-9a93-1d1f6f6a00{number:02}")
}

/// What a stand-in for the window heard.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Raise,
    Launch(String),
    HandOver(String),
}

/// A stand-in for the window: answers every launch but those numbered 99, which it drops.
fn window() -> (Hear, Arc<Mutex<Vec<Heard>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let mine = Arc::clone(&heard);
    let hear: Hear = Arc::new(move |incoming| {
        let note = |what| mine.lock().unwrap().push(what);
        match incoming {
            Incoming::Raise => note(Heard::Raise),
            Incoming::Launch(request, reply) => {
                let id = request.correlation_id.to_string();
                note(Heard::Launch(id.clone()));
                if !id.ends_with("99") {
                    reply.tell(Ending::Decided { submission_id: "sub_1".into() }.result(&id));
                }
            }
            Incoming::HandOver(code, _) => note(Heard::HandOver(code.reveal().to_owned())),
        }
    });
    (hear, heard)
}

fn parsed(number: u8) -> LaunchRequest {
    LaunchRequest::parse(request(number).as_bytes()).unwrap()
}

fn code() -> HandOverCode {
    HandOverCode::parse("AbCd_0123456-789").unwrap()
}
