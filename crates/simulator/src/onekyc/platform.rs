//! What all calls of the OneKYC simulator share.
//! Invariant: one lock around all rows, held for no longer than a call; settings are read once per call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rand::RngExt;

use super::call::Call;
use super::card_reader::CardReader;
use super::settings::{Account, Behaviour};
use super::state::State;
use crate::clock::Clock;
use crate::fault::Faults;

/// The shared state of the OneKYC side.
pub struct Platform {
    pub account: Account,
    pub clock: Clock,
    pub faults: Faults<Call>,
    /// Signs storage addresses.
    pub storage_key: String,
    /// Reads cards; without one, pictures are judged by their look alone.
    pub reader: Option<Arc<dyn CardReader>>,
    /// Tells results.
    pub http: reqwest::Client,
    behaviour: RwLock<Behaviour>,
    state: Mutex<State>,
}

impl Platform {
    pub fn new(
        account: Account,
        behaviour: Behaviour,
        reader: Option<Arc<dyn CardReader>>,
        clock: Clock,
        fault_seed: u64,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            account,
            clock,
            faults: Faults::seeded(fault_seed),
            storage_key: random_hex(),
            reader,
            http: crate::webhook::client()?,
            behaviour: RwLock::new(behaviour),
            state: Mutex::default(),
        })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn behaviour(&self) -> Behaviour {
        self.behaviour.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_behaviour(&self, behaviour: Behaviour) {
        *self.behaviour.write().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    /// Back to an empty platform; account and behaviour stay.
    pub fn reset(&self) {
        *self.state() = State::default();
        self.faults.set(Vec::new(), None);
    }
}

/// 64 random hexadecimal digits.
pub fn random_hex() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    hex::encode(bytes)
}
