//! Whatever is called a picture: a clear message, the documented code, no panic.

use std::path::PathBuf;

use frame::Frame;

use crate::support::{Ctl, repository};

/// A PNG that claims a size its few bytes never hold.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0]);
    let mut checked = b"IHDR".to_vec();
    checked.extend(&bytes[16..]);
    bytes.extend(crc32(&checked).to_be_bytes());
    bytes.extend([0, 0, 0, 0]);
    bytes.extend(b"IDAT\x35\xaf\x06\x1e");
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    };
    !bytes.iter().fold(!0, step)
}

#[test]
fn unusable_files_are_told_apart() {
    let ctl = Ctl::without_key();
    let photo = frame::encode_jpeg(&Frame::filled(640, 400, [200, 180, 160]), 90);
    let check = |name: &str, bytes: &[u8], code: i32, word: &str| {
        let file = ctl.path(name);
        std::fs::write(&file, bytes).unwrap();
        let (exit, said) = ctl.json(["scan".as_ref(), file.as_os_str()]);
        assert_eq!(exit, code, "{name}: {said}");
        let found = said["error"]["code"].as_str().or(said["outcome"].as_str()).unwrap();
        assert_eq!(found, word, "{name}: {said}");
    };
    check("zero.jpg", b"", 4, "empty");
    check("text.jpg", b"these are words, not a picture", 4, "unknown-format");
    check("cut.jpg", &photo[..photo.len() / 2], 4, "truncated");
    check("huge.png", &png_header(30_000, 30_000), 4, "too-large");
    check("noise.jpg", &[&[0xFF, 0xD8, 0xFF, 0xE0][..], &[0x42; 500]].concat(), 4, "truncated");
    check("two.jpg", &frame::encode_jpeg(&Frame::filled(2, 1, [9; 3]), 90), 3, "no-card");
    check("plain.jpg", &photo, 3, "no-card");
}

#[test]
fn paths_that_are_no_files_are_told_in_both_languages() {
    let ctl = Ctl::without_key();
    let absent = ctl.run(["scan", "absent.jpg", "--lang", "en"]);
    assert_eq!(absent.code, 4);
    assert!(absent.out.contains("cannot read absent.jpg"), "{}", absent.out);
    let folder = ctl.run(["scan", ".", "--lang", "id"]);
    assert_eq!(folder.code, 4);
    assert!(folder.out.contains("bukan berkas"), "{}", folder.out);
}

#[test]
fn senseless_arguments_end_with_two() {
    let ctl = Ctl::without_key();
    for args in [&["scan"][..], &["fly"], &["queue", "show", "not-an-id"], &["sync", "--once", "--watch"]] {
        assert_eq!(ctl.run(args).code, 2, "{args:?}");
    }
}

#[test]
fn pictures_without_a_ktp_are_no_ktp() {
    let ctl = Ctl::without_key();
    let mut files: Vec<PathBuf> = std::fs::read_dir(repository("tests/data/hostile"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 5);
    let run = ctl.run(
        ["scan".into(), "--json".into()].into_iter().chain(files.iter().map(|f| f.clone().into_os_string())),
    );
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    assert_eq!(run.out.lines().count(), files.len(), "one line a file");
    for line in run.out.lines() {
        let said: serde_json::Value = serde_json::from_str(line).unwrap();
        let outcome = said["outcome"].as_str().unwrap();
        assert!(["no-card", "other-document"].contains(&outcome), "{line}");
    }
}

#[test]
fn a_bad_file_does_not_keep_a_good_one_from_being_read() {
    let ctl = Ctl::without_key();
    std::fs::write(ctl.path("zero.jpg"), b"").unwrap();
    let good = repository("tests/data/ktp-eval/images/s0-00.jpg");
    let run = ctl.run(["scan", "--json", "zero.jpg", good.to_str().unwrap()]);
    assert_eq!(run.code, 4, "the gravest decides");
    let second: serde_json::Value = serde_json::from_str(run.out.lines().nth(1).unwrap()).unwrap();
    assert!(second["fields"]["nik"]["printed"].is_string(), "{second}");
}
