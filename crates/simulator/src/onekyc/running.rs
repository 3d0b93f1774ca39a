//! A hold on the OneKYC side of a running simulator.
//! Invariant: what it shows carries no token and nothing off a card.

use std::sync::Arc;

use super::call::Call;
use super::platform::Platform;
use super::settings::{Account, Behaviour};
use super::state::{CallbackRow, RequestRow, SubmissionRow};
use crate::fault::FaultRule;

/// The OneKYC side of a simulator.
pub struct OneKyc {
    /// The gateway's base address, e.g. `http://127.0.0.1:4010/onekyc`.
    pub base_url: String,
    /// The token host's, e.g. `http://127.0.0.1:4010/onekyc-token`.
    pub token_url: String,
    pub(crate) platform: Arc<Platform>,
}

impl OneKyc {
    /// The partner's account.
    pub fn account(&self) -> &Account {
        &self.platform.account
    }

    /// The behaviour in force.
    pub fn behaviour(&self) -> Behaviour {
        self.platform.behaviour()
    }

    /// Changes the behaviour.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        self.platform.set_behaviour(behaviour);
    }

    /// Replaces the fault rules and restarts their lottery.
    pub fn set_faults(&self, rules: Vec<FaultRule<Call>>, seed: u64) {
        self.platform.faults.set(rules, Some(seed));
    }

    /// All submissions, oldest first.
    pub fn submissions(&self) -> Vec<SubmissionRow> {
        self.platform.state().rows()
    }

    /// All callbacks told, oldest first.
    pub fn callbacks(&self) -> Vec<CallbackRow> {
        self.platform.state().callbacks.clone()
    }

    /// All requests, oldest first.
    pub fn requests(&self) -> Vec<RequestRow> {
        self.platform.state().requests.clone()
    }

    /// Makes every token end now.
    pub fn expire_tokens(&self) {
        let now = self.platform.clock.now();
        self.platform.state().tokens.values_mut().for_each(|row| row.expires_at = now);
    }
}
