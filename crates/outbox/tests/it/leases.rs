//! Turns, order and what is remembered about sends.

use outbox::{OutboxError, Reason, State};
use proptest::prelude::*;

use crate::support::{LEASE, Queue, at, deliver_next, mark};

fn offline() -> Reason {
    Reason::code("offline")
}

#[test]
fn one_customer_in_order_others_not_held_up() {
    let queue = Queue::new();
    let [first, second, other] = ["a", "a", "b"].map(|customer| queue.accept(customer, 10));
    assert_eq!(queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap().item.id, first);
    assert_eq!(queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap().item.id, other);
    assert!(queue.outbox.lease_next(at(1), LEASE).unwrap().is_none(), "the second waits for the first");

    queue.outbox.defer(first, at(60), &offline(), false, at(2)).unwrap();
    assert!(queue.outbox.lease_next(at(3), LEASE).unwrap().is_none(), "still waiting for the first");
    assert_eq!(queue.outbox.next_due(at(3)).unwrap(), Some(at(60)));
    assert_eq!(deliver_next(&queue.outbox, "ver_1", at(60)), first);
    assert_eq!(deliver_next(&queue.outbox, "ver_2", at(61)), second);
}

#[test]
fn a_parked_item_lets_its_customers_next_one_pass() {
    let queue = Queue::new();
    let [first, second] = ["a", "a"].map(|customer| queue.accept(customer, 10));
    queue.outbox.park(first, &Reason::code("invalid"), at(1)).unwrap();
    assert_eq!(deliver_next(&queue.outbox, "ver_2", at(2)), second);
}

#[test]
fn a_lease_keeps_others_out_until_it_runs_out() {
    let queue = Queue::new();
    let id = queue.accept("a", 10);
    let other = queue.second();
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    assert!(other.lease_next(at(2), LEASE).unwrap().is_none());
    assert!(matches!(other.requeue(id, at(2)), Err(OutboxError::LeaseLost(_))));
    assert!(matches!(other.mark_sending(id, &mark(true, at(2)), at(2)), Err(OutboxError::LeaseLost(_))));

    let later = at(1) + LEASE;
    assert_eq!(other.lease_next(later, LEASE).unwrap().unwrap().item.id, id);
    let late = queue.outbox.defer(id, later, &offline(), false, later);
    assert!(matches!(late, Err(OutboxError::LeaseLost(_))));
}

#[test]
fn closing_a_queue_frees_its_leases_at_once() {
    let queue = Queue::new();
    let id = queue.accept("a", 10);
    let other = queue.second();
    other.lease_next(at(1), LEASE).unwrap().unwrap();
    assert!(queue.outbox.lease_next(at(1), LEASE).unwrap().is_none());
    assert_eq!(queue.outbox.next_due(at(1)).unwrap(), Some(at(1) + LEASE));
    drop(other);
    assert_eq!(queue.outbox.next_due(at(1)).unwrap(), Some(at(1)), "whoever asks what is due is told");
    assert_eq!(queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap().item.id, id);
}

#[test]
fn a_released_item_is_untouched() {
    let queue = Queue::new();
    let id = queue.accept("a", 10);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.release(id).unwrap();
    let item = queue.second().lease_next(at(1), LEASE).unwrap().unwrap().item;
    assert_eq!((item.attempts, item.state), (0, State::Waiting));
}

#[test]
fn doubt_about_a_send_outlives_certain_refusals() {
    let queue = Queue::new();
    let id = queue.accept("a", 10);
    let lease = |second| queue.outbox.lease_next(at(second), LEASE).unwrap().unwrap().item;

    // Certainly refused: nothing to look for.
    assert_eq!(lease(1).sending, None);
    queue.outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
    queue.outbox.retry_at(id, at(2), &Reason::code("rate_limited"), false, at(1)).unwrap();
    assert_eq!(lease(2).sending, None);

    // Lost answer: to be looked for since then, whatever happens later.
    queue.outbox.mark_sending(id, &mark(true, at(2)), at(2)).unwrap();
    queue.outbox.defer(id, at(3), &Reason::code("answer_lost"), true, at(2)).unwrap();
    let item = lease(3);
    let sending = item.sending.unwrap();
    assert_eq!((sending.since, sending.last, sending.unguarded, item.failures), (at(2), at(2), false, 1));
    queue.outbox.mark_sending(id, &mark(false, at(3)), at(3)).unwrap();
    queue.outbox.retry_at(id, at(4), &Reason::code("rate_limited"), false, at(3)).unwrap();
    let sending = lease(4).sending.unwrap();
    assert_eq!((sending.since, sending.last, sending.unguarded), (at(2), at(3), true));
    let outcomes: Vec<_> =
        queue.outbox.attempts(id).unwrap().into_iter().map(|attempt| attempt.outcome.unwrap()).collect();
    assert_eq!(outcomes, ["rate_limited", "answer_lost", "rate_limited"]);
}

#[test]
fn a_certain_refusal_leaves_nothing_to_look_for_once_requeued() {
    let queue = Queue::new();
    let id = queue.accept("a", 10);
    let lease = |second| queue.outbox.lease_next(at(second), LEASE).unwrap().unwrap().item;
    let refused = Reason::code("unknown_customer");

    lease(1);
    queue.outbox.mark_sending(id, &mark(false, at(1)), at(1)).unwrap();
    queue.outbox.park_refused(id, &refused, at(2)).unwrap();
    queue.outbox.requeue(id, at(3)).unwrap();
    let item = lease(3);
    assert_eq!((item.state, item.sending), (State::Waiting, None));

    // An answer was lost before: that doubt outlives the refusal of a later send.
    queue.outbox.mark_sending(id, &mark(false, at(3)), at(3)).unwrap();
    queue.outbox.defer(id, at(4), &Reason::code("answer_lost"), true, at(3)).unwrap();
    lease(4);
    queue.outbox.mark_sending(id, &mark(false, at(4)), at(4)).unwrap();
    queue.outbox.park_refused(id, &refused, at(5)).unwrap();
    queue.outbox.requeue(id, at(6)).unwrap();
    let item = lease(6);
    assert_eq!((item.state, item.sending.unwrap().since), (State::Sending, at(3)));
    queue.outbox.verify_audit().unwrap();
}

#[test]
fn a_clock_set_back_does_not_strand_an_item() {
    let queue = Queue::new();
    let id = queue.accept("a", 10);
    queue.outbox.lease_next(at(1_000_000), LEASE).unwrap().unwrap();
    queue.outbox.defer(id, at(1_000_600), &offline(), false, at(1_000_000)).unwrap();
    assert!(queue.outbox.lease_next(at(1_000_001), LEASE).unwrap().is_none());
    assert_eq!(queue.outbox.next_due(at(5)).unwrap(), Some(at(5)));
    assert_eq!(queue.outbox.lease_next(at(5), LEASE).unwrap().unwrap().item.id, id);
}

#[test]
fn settled_items_cannot_be_settled_again() {
    let queue = Queue::new();
    queue.accept("a", 10);
    let id = deliver_next(&queue.outbox, "ver_1", at(1));
    let delivered = OutboxError::WrongState { id, state: State::Delivered }.to_string();
    let refused = [
        queue.outbox.park(id, &offline(), at(2)),
        queue.outbox.requeue(id, at(2)),
        queue.outbox.defer(id, at(3), &offline(), false, at(2)),
        queue.outbox.mark_sending(id, &mark(true, at(2)), at(2)),
    ];
    for result in refused {
        assert_eq!(result.unwrap_err().to_string(), delivered);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever happens to the items, each customer's leave in the order they came.
    #[test]
    fn order_holds_whatever_happens(
        customers in prop::collection::vec(0u8..3, 1..12),
        outcomes in prop::collection::vec(0u8..4, 0..60),
    ) {
        let queue = Queue::new();
        let ids: Vec<_> = customers.iter().map(|c| (*c, queue.accept(&c.to_string(), 10))).collect();
        let mut left: Vec<_> = Vec::new();
        let finish = outcomes.into_iter().chain(std::iter::repeat_n(0, 200));
        for (second, outcome) in (1..).zip(finish) {
            let now = at(second * 10);
            let Some(lease) = queue.outbox.lease_next(now, LEASE).unwrap() else { break };
            let id = lease.item.id;
            match outcome {
                0 => {
                    queue.outbox.mark_sending(id, &mark(true, now), now).unwrap();
                    queue.outbox.delivered(id, &crate::support::receipt(&id.to_string()), now).unwrap();
                    left.push(id);
                }
                1 => queue.outbox.defer(id, now, &offline(), false, now).unwrap(),
                2 => {
                    queue.outbox.mark_sending(id, &mark(true, now), now).unwrap();
                    queue.outbox.retry_at(id, now, &offline(), true, now).unwrap();
                }
                _ => queue.outbox.release(id).unwrap(),
            }
        }
        prop_assert_eq!(left.len(), ids.len(), "everything is delivered in the end");
        for customer in 0..3 {
            let accepted: Vec<_> = ids.iter().filter(|(c, _)| *c == customer).map(|(_, id)| *id).collect();
            let delivered: Vec<_> = left.iter().copied().filter(|id| accepted.contains(id)).collect();
            prop_assert_eq!(delivered, accepted);
        }
        queue.outbox.verify_audit().unwrap();
    }
}
