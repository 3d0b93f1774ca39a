//! Two processes at one door.

use launch::{Door, Ending, Opened, knock};

use crate::{Heard, code, id, parsed, window};

fn open(folder: &std::path::Path) -> Option<Door> {
    match Door::open(folder).unwrap() {
        Opened::First(door) => Some(door),
        Opened::Taken => None,
    }
}

#[tokio::test]
async fn whoever_comes_second_is_heard_by_the_first() {
    let folder = tempfile::tempdir().unwrap();
    assert!(knock(folder.path()).await.unwrap().is_none(), "nobody is there");
    let (hear, heard) = window();
    let door = open(folder.path()).unwrap();
    assert!(open(folder.path()).is_none(), "a second process has no door");
    let serving = tokio::spawn(door.serve(hear));

    let caller = || async { knock(folder.path()).await.unwrap().unwrap() };
    caller().await.raise().await.unwrap();
    caller().await.hand_over(&code()).await.unwrap();
    let result = caller().await.launch(&parsed(1)).await.unwrap();
    assert_eq!(result, Ending::Decided { submission_id: "sub_1".into() }.result(&id(1)));
    let dropped = caller().await.launch(&parsed(99)).await.unwrap();
    assert_eq!(dropped, Ending::WindowClosed.result(&id(99)));
    assert_eq!(
        *heard.lock().unwrap(),
        [
            Heard::Raise,
            Heard::HandOver("AbCd_0123456-789".into()),
            Heard::Launch(id(1)),
            Heard::Launch(id(99))
        ]
    );

    serving.abort();
    serving.await.unwrap_err();
    assert!(open(folder.path()).is_some(), "the window is closed: the next one is the first");
}

#[tokio::test]
async fn what_a_killed_process_leaves_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("launch.lock"), "").unwrap();
    std::fs::write(folder.path().join("launch.sock"), "").unwrap();
    assert!(knock(folder.path()).await.unwrap().is_none(), "nobody listens there");
    assert!(open(folder.path()).is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn the_socket_is_this_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let _door = open(folder.path()).unwrap();
    let mode = std::fs::metadata(folder.path().join("launch.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_caller_that_says_nonsense_is_told_so_and_others_are_heard() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let folder = tempfile::tempdir().unwrap();
    let (hear, heard) = window();
    tokio::spawn(open(folder.path()).unwrap().serve(hear));
    let nonsense = ["{}\n", "\n", "{\"ask\":\"handOver\",\"code\":\"short\"}\n", "{\"ask\":\"quit\"}\n"];
    for line in nonsense {
        let mut stream = tokio::net::UnixStream::connect(folder.path().join("launch.sock")).await.unwrap();
        stream.write_all(line.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.trim(), "{\"tell\":\"notUnderstood\"}", "{line}");
    }
    assert!(heard.lock().unwrap().is_empty());
    knock(folder.path()).await.unwrap().unwrap().raise().await.unwrap();
}
