//! The same with a partner that takes captures in steps: each step may be the last thing a process did.

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use simulator::onekyc::Call;
use simulator::{FaultKind, FaultRule};

use super::bench::{Bench, Ended};

const CAPTURES: u64 = 120;
const CUSTOMERS: usize = 60;
const KILLS: u32 = 60;
const SEED: u64 = 20_261_121;

/// What the partner does wrong, out of a hundred requests each.
fn misbehaviour() -> Vec<FaultRule<Call>> {
    let mut rules = Vec::new();
    for call in Call::ALL {
        rules.push(FaultRule::chance(call, FaultKind::LatencyAfter { min_ms: 1, max_ms: 20 }, 0.3));
        rules.push(FaultRule::chance(call, FaultKind::DropBefore, 0.04));
        rules.push(FaultRule::chance(call, FaultKind::DropAfterCommit, 0.08));
        rules.push(FaultRule::chance(call, FaultKind::Status { code: 503 }, 0.04));
    }
    // A careless proxy files these twice: harmless by the contract, so it must be harmless here.
    for call in [Call::Confirm, Call::Storage, Call::UploadUrls, Call::InitiateFlow] {
        rules.push(FaultRule::chance(call, FaultKind::RepeatRequest, 0.1));
    }
    rules.push(FaultRule::chance(Call::Storage, FaultKind::Status { code: 403 }, 0.03));
    rules
}

#[test]
fn every_accepted_card_is_submitted_exactly_once_though_killed_between_its_steps() {
    let bench = Bench::start_onekyc(CUSTOMERS, CAPTURES);
    bench.server.onekyc.set_faults(misbehaviour(), SEED);
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut between_steps = 0;
    for life in 0..KILLS {
        let (events, micros) = (rng.next_u32() % 24, rng.next_u32() % 25_000);
        let worker = bench.spawn(0, 1, 3);
        let ended = worker.kill_after(events as usize, Duration::from_micros(u64::from(micros)));
        assert!(matches!(ended, Ended::Killed { .. }), "life {life} ended by itself: {ended:?}");
        between_steps += u32::from(matches!(ended, Ended::Killed { sending: true }));
    }
    bench.spawn(0, 1, CAPTURES).finish();
    bench.check_exactly_once();
    // The kills must have hit where it hurts, or this test shows nothing.
    assert!(between_steps >= 10, "only {between_steps} kills fell between two steps");
}
