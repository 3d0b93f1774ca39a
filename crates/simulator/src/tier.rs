//! KYC tiers, computed from verification rows and never set.
//! Invariant: the same rows always give the same tier.
//! Deliberately lacks storage: see `store`.

use crate::store::rows::VerificationRow;

/// The ladder of contract B.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Record only.
    None,
    /// A verified `nik_format`.
    Basic,
    /// A verified `ktp_capture` or `nik_dukcapil`.
    Standard,
    /// Standard with verified `face_liveness` and `face_match`.
    Premium,
}

impl Tier {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Standard => "standard",
            Self::Premium => "premium",
        }
    }
}

/// The tier that `rows` (oldest first) support.
pub fn compute(rows: &[VerificationRow]) -> Tier {
    let standard = holds(rows, "ktp_capture") || holds(rows, "nik_dukcapil");
    if standard && holds(rows, "face_liveness") && holds(rows, "face_match") {
        Tier::Premium
    } else if standard {
        Tier::Standard
    } else if holds(rows, "nik_format") {
        Tier::Basic
    } else {
        Tier::None
    }
}

/// A method holds once a row of it is verified, until an analyst's row says otherwise: a later automatic
/// failure (a blurred second try) does not take away what was proven before.
fn holds(rows: &[VerificationRow], method: &str) -> bool {
    rows.iter().filter(|row| row.method == method).fold(false, |held, row| match row.status.as_str() {
        "verified" => true,
        _other if row.actor_user_id.is_some() => false,
        _other => held,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(method: &str, status: &str, actor: Option<&str>) -> VerificationRow {
        VerificationRow {
            id: String::new(),
            customer_id: String::new(),
            method: method.to_owned(),
            status: status.to_owned(),
            score: 0,
            actor_user_id: actor.map(str::to_owned),
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn check(rows: &[VerificationRow], expected: Tier) {
        assert_eq!(compute(rows), expected);
    }

    #[test]
    fn ladder() {
        let nik = row("nik_format", "verified", None);
        let ktp = row("ktp_capture", "verified", None);
        check(&[], Tier::None);
        check(&[row("ktp_capture", "pending", None)], Tier::None);
        check(std::slice::from_ref(&nik), Tier::Basic);
        check(&[nik.clone(), row("ktp_capture", "failed", None)], Tier::Basic);
        check(&[nik, ktp.clone()], Tier::Standard);
        check(&[ktp.clone(), row("ktp_capture", "failed", None)], Tier::Standard);
        check(&[ktp.clone(), row("ktp_capture", "failed", Some("usr_1"))], Tier::None);
        check(
            &[row("ktp_capture", "pending", None), row("ktp_capture", "verified", Some("usr_1"))],
            Tier::Standard,
        );
        let live = row("face_liveness", "verified", None);
        check(&[ktp, live, row("face_match", "verified", None)], Tier::Premium);
    }
}
