//! One reading as scripts and people see it.
//!
//! Invariant: whoever names a file may see what is on it, so values are shown in full; they are results on
//! standard output and never part of a log or an error.

use std::collections::BTreeMap;

use engine::{Outcome, Scan};
use ktp::{Field, Issue, Severity};
use serde::Serialize;
use vision::Quality;
use vision::tamper::{Outcome as Signal, Vote};

use crate::exit::Exit;
use crate::lang::Lang;
use crate::terminal::Terminal;

/// One field.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// The value the reader stands by; `null` where it abstains.
    pub value: Option<String>,
    /// What was read, before normalising.
    pub printed: String,
    /// Estimated probability that the value is right.
    pub confidence: f64,
}

/// One finding of the checks.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssueView {
    /// A stable word.
    pub code: &'static str,
    /// `warning` or `info`.
    pub severity: &'static str,
    /// Keys of the fields it concerns.
    pub fields: Vec<&'static str>,
    /// Why, in English.
    pub reason: &'static str,
}

impl From<&Issue> for IssueView {
    fn from(issue: &Issue) -> Self {
        Self {
            code: issue.code.as_str(),
            severity: match issue.severity() {
                Severity::Info => "info",
                Severity::Warning => "warning",
            },
            fields: issue.fields.iter().map(|field| field.key()).collect(),
            reason: issue.reason,
        }
    }
}

/// One sign of tampering, or of its absence.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VoteView {
    /// Who votes, in the partner's word where it has one.
    pub voter: &'static str,
    /// `passed`, `suspect` or `not_judged`.
    pub outcome: &'static str,
    /// 1 where suspecting begins; `null` if not judged.
    pub suspicion: Option<f64>,
    /// Why, in English.
    pub reason: String,
}

impl From<&Vote> for VoteView {
    fn from(vote: &Vote) -> Self {
        Self {
            voter: vote.voter.code(),
            outcome: vote.outcome.code(),
            suspicion: vote.suspicion.map(|suspicion| (f64::from(suspicion) * 1e3).round() / 1e3),
            reason: vote.reason.clone(),
        }
    }
}

/// How good the picture is; see [`vision::Quality`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QualityView {
    /// Width of the card in the picture.
    pub card_width_px: f32,
    /// Share of the card burnt out to white.
    pub glare_share: f32,
    /// Stroke edge over capital height: 0.13 is sharp, above 0.25 is blurred; `null` without text.
    pub edge_per_cap: Option<f32>,
    /// Median luma of the card, 0–1.
    pub brightness: f32,
    /// Turn of the card, clockwise.
    pub tilt_degrees: f32,
    /// Share of the card's corners inside the picture.
    pub corners_inside: f32,
}

impl From<&Quality> for QualityView {
    fn from(quality: &Quality) -> Self {
        let Quality { card_width_px, glare_share, edge_per_cap, brightness, tilt_degrees, corners_inside } =
            *quality;
        Self { card_width_px, glare_share, edge_per_cap, brightness, tilt_degrees, corners_inside }
    }
}

/// A reading.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadingView {
    /// `read`, `needs-review`, `no-card` or `other-document`.
    pub outcome: &'static str,
    /// The fields that were found, by key.
    pub fields: BTreeMap<&'static str, FieldView>,
    /// What the checks found.
    pub issues: Vec<IssueView>,
    /// Signs of tampering, one vote a voter; none without a card.
    pub tamper: Vec<VoteView>,
    /// Required fields without an answer.
    pub missing: Vec<&'static str>,
    /// How good the picture is.
    pub quality: QualityView,
}

/// The outcome's word.
pub fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Read => "read",
        Outcome::NeedsReview => "needs-review",
        Outcome::NoCard => "no-card",
        Outcome::OtherDocument => "other-document",
    }
}

/// How a command ends that came to this outcome.
pub fn exit(outcome: Outcome) -> Exit {
    match outcome {
        Outcome::Read => Exit::Done,
        Outcome::NeedsReview => Exit::NeedsReview,
        Outcome::NoCard | Outcome::OtherDocument => Exit::NoCard,
    }
}

/// The outcome in words.
pub fn sentence(outcome: Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::Read => lang.pick("terbaca", "read"),
        Outcome::NeedsReview => {
            lang.pick("terbaca, tetapi perlu diperiksa orang", "read, but a person should look")
        }
        Outcome::NoCard => lang.pick("tidak ada KTP dalam gambar", "no KTP in the picture"),
        Outcome::OtherDocument => lang.pick("dokumen lain, bukan KTP", "another document, not a KTP"),
    }
}

impl From<&Scan> for ReadingView {
    fn from(scan: &Scan) -> Self {
        let fields = scan.reading.fields.iter().map(|(field, reading)| {
            let confidence = (f64::from(reading.confidence) * 1e3).round() / 1e3;
            let view =
                FieldView { value: reading.value.clone(), printed: reading.printed.clone(), confidence };
            (field.key(), view)
        });
        Self {
            outcome: word(scan.outcome()),
            fields: fields.collect(),
            issues: scan.issues.iter().map(IssueView::from).collect(),
            tamper: scan.votes.iter().map(VoteView::from).collect(),
            missing: scan.missing().into_iter().map(Field::key).collect(),
            quality: QualityView::from(&scan.reading.quality),
        }
    }
}

/// Prints fields with their confidence, then what the checks found.
pub fn print(terminal: &Terminal, scan: &Scan) {
    for (field, reading) in &scan.reading.fields {
        let percent = 100.0 * reading.confidence;
        let value = match &reading.value {
            Some(value) => value.clone(),
            None => format!("? ({})", reading.printed),
        };
        terminal.say(format!("  {:<14} {percent:>4.0} %  {value}", field.key()));
    }
    for issue in &scan.issues {
        terminal.say(format!("  ! {}: {}", issue.code.as_str(), issue.reason));
    }
    for vote in &scan.votes {
        let sign = match vote.outcome {
            Signal::Passed => "+",
            Signal::Suspect => "!",
            Signal::NotJudged => "-",
        };
        terminal.say(format!("  {sign} {}: {}", vote.voter.code(), vote.reason));
    }
    let missing: Vec<&str> = scan.missing().into_iter().map(Field::key).collect();
    if !missing.is_empty() {
        let list = missing.join(", ");
        terminal.tell(format!("  ! belum terbaca: {list}"), format!("  ! not read: {list}"));
    }
}
