//! Several processes on one queue, one of them killed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use outbox::{Outbox, State};
use vault::MasterKey;

use crate::support::{CUSTOMER, LEASE, accept, at, mark};

const PATH: &str = "OUTBOX_TEST_QUEUE";
const KEY: &str = "OUTBOX_TEST_KEY_FILE";

/// Not a test by itself: the other process. It takes an item, begins sending, and waits to be killed.
#[test]
fn child_holding_an_item() {
    let (Ok(path), Ok(key)) = (std::env::var(PATH), std::env::var(KEY)) else { return };
    let outbox = Outbox::open(path, Arc::new(MasterKey::from_key_file(key).unwrap())).unwrap();
    let id = outbox.lease_next(at(1), LEASE).unwrap().unwrap().item.id;
    outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
    println!("\nholding");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

fn spawn_child(path: &std::path::Path, key: &std::path::Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::child_holding_an_item", "--nocapture", "--test-threads=1"])
        .env(PATH, path)
        .env(KEY, key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let held = lines.map_while(Result::ok).any(|line| line == "holding");
    assert!(held, "the child ended early");
    child
}

#[test]
fn a_killed_process_leaves_its_item_in_doubt_and_free() {
    let dir = tempfile::tempdir().unwrap();
    let (path, key_file) = (dir.path().join("queue.db"), dir.path().join("key"));
    let key = Arc::new(MasterKey::generate_key_file(&key_file).unwrap());
    let outbox = Outbox::open(&path, key).unwrap();
    let id = accept(&outbox, CUSTOMER, 1000);

    let mut child = spawn_child(&path, &key_file);
    assert!(outbox.lease_next(at(2), LEASE).unwrap().is_none(), "the child holds it");
    child.kill().unwrap();
    child.wait().unwrap();

    assert_eq!(outbox.next_due(at(2)).unwrap(), Some(at(2)), "nobody holds it any more");
    let item = outbox.lease_next(at(2), LEASE).unwrap().unwrap().item;
    assert_eq!((item.id, item.state, item.attempts), (id, State::Sending, 1));
    assert_eq!(item.sending.unwrap().since, at(1));
    outbox.payload(id).unwrap();
    outbox.verify_audit().unwrap();
}

#[test]
fn two_openings_work_one_queue_without_stepping_on_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("queue.db");
    let key = Arc::new(MasterKey::generate().unwrap());
    let openings: Vec<_> = (0..4).map(|_| Outbox::open(&path, Arc::clone(&key)).unwrap()).collect();
    for nth in 0..40 {
        accept(&openings[nth % 4], &format!("cus_{nth}"), 500);
    }
    let taken: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = openings.iter().map(|outbox| scope.spawn(|| drain(outbox))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let distinct: std::collections::HashSet<_> = taken.iter().collect();
    assert_eq!((taken.len(), distinct.len()), (40, 40));
    assert_eq!(openings[0].counts().unwrap().delivered, 40);
    openings[0].verify_audit().unwrap();
}

fn drain(outbox: &Outbox) -> Vec<outbox::ItemId> {
    let mut taken = Vec::new();
    while let Some(lease) = outbox.lease_next(at(1), LEASE).unwrap() {
        let id = lease.item.id;
        outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
        outbox.delivered(id, &crate::support::receipt(&id.to_string()), at(2)).unwrap();
        taken.push(id);
    }
    taken
}

/// Opening at the same moment, when there is no file yet.
#[test]
fn many_may_open_a_new_queue_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("queue.db");
    let key = Arc::new(MasterKey::generate().unwrap());
    let openings: Vec<_> = std::thread::scope(|scope| {
        let openers: Vec<_> = (0..6).map(|_| scope.spawn(|| Outbox::open(&path, Arc::clone(&key)))).collect();
        openers.into_iter().map(|opener| opener.join().unwrap().unwrap()).collect()
    });
    for opening in &openings {
        accept(opening, CUSTOMER, 10);
    }
    assert_eq!(openings[0].counts().unwrap().waiting, 6);
}
