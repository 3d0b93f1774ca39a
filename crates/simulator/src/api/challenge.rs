//! `POST /api/identity/document/ktp/challenge` and `POST /api/identity/face/flash-challenge` (contract B.4, B.7): a colour
//! sequence nobody can foresee.
//! Invariant: neighbouring colours differ, so every sequence has something to correlate with.
//! Deliberately lacks a choice of colours by the asker.

use jiff::SignedDuration;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use serde_json::{Map, Value, to_value};
use uuid::Uuid;

use super::error::{ApiError, FieldErrors};
use super::form::{Form, accept};
use super::wire::{ChallengeAnswer, FlashChallenge};
use super::{Answer, customers};
use crate::app::App;
use crate::clock::iso_ms;
use crate::keys::{generate_secret, new_id};
use crate::store::rows::{ChallengeRow, Purpose};

/// Full-strength colours: the furthest apart a screen can show.
const PALETTE: [&str; 8] =
    ["#FF0000", "#00FF00", "#0000FF", "#FFFF00", "#00FFFF", "#FF00FF", "#FFFFFF", "#000000"];

pub fn issue(app: &App, purpose: Purpose, body: &Map<String, Value>) -> Result<Answer, ApiError> {
    let mut errors = FieldErrors::default();
    let mut form = Form::new(body, "", &["customerId", "steps", "ttlMs"], &mut errors);
    let customer_id = form.required_text("customerId");
    let steps = form.integer("steps", 3..=10, 5);
    let ttl_ms = form.integer("ttlMs", 15_000..=300_000, 90_000);
    accept(errors)?;
    if purpose == Purpose::Ktp && !app.settings().ktp_enabled {
        return Err(ApiError::CapabilityDisabled);
    }
    customers::find(app, customer_id)?;
    let now = app.clock.now();
    let ttl = SignedDuration::from_millis(i64::try_from(ttl_ms).expect("at most 300000"));
    let row = ChallengeRow {
        id: new_id("fc"),
        customer_id: customer_id.to_owned(),
        purpose,
        nonce: Uuid::new_v4().to_string(),
        colors: colors(&mut rand::rng(), steps),
        hold_ms: hold_ms(&mut rand::rng(), steps),
        expires_at: now + ttl,
        consumed_at: None,
    };
    let hmac_secret = generate_secret();
    app.store.add_challenge(&row, &hmac_secret, now)?;
    let flash_challenge = FlashChallenge {
        id: row.id,
        purpose: purpose.as_str(),
        nonce: row.nonce,
        colors: row.colors,
        hold_ms: row.hold_ms,
        expires_at: iso_ms(row.expires_at),
        hmac_secret,
    };
    Ok(Answer::ok(to_value(ChallengeAnswer { flash_challenge }).map_err(anyhow::Error::from)?))
}

fn colors(rng: &mut impl Rng, steps: u64) -> Vec<String> {
    let mut chosen: Vec<String> = Vec::new();
    for _step in 0..steps {
        let others: Vec<&str> =
            PALETTE.into_iter().filter(|color| chosen.last().is_none_or(|last| last != color)).collect();
        chosen.extend(others.choose(rng).map(|color| (*color).to_owned()));
    }
    chosen
}

/// 300–500 ms in steps of 10, the range of the contract's example.
fn hold_ms(rng: &mut impl Rng, steps: u64) -> Vec<u32> {
    (0..steps).map(|_step| rng.random_range(30..=50) * 10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_differ_and_lengths_agree() {
        for steps in 3..=10 {
            let colors = colors(&mut rand::rng(), steps);
            assert_eq!(colors.len() as u64, steps);
            assert!(colors.windows(2).all(|pair| pair[0] != pair[1]));
            assert_eq!(hold_ms(&mut rand::rng(), steps).len() as u64, steps);
        }
    }
}
