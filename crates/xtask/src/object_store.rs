//! The S3-compatible server that uploads are tested against, installed from crates.io into the cache on first use.
//!
//! It checks Signature Version 4 and expiry of presigned addresses, which stand-ins from other registries do not.
//! Deliberately no dependency of the workspace: its features would build every HTTP crate anew.

use std::fs;

use anyhow::Result;

use crate::{process, system};

/// The last that builds on our oldest Rust; `crates/gateway/tests/it/onekyc/object_store.rs` looks for this one.
const VERSION: &str = "0.12.0";

/// Installs the server if it is not there.
pub fn install() -> Result<()> {
    let root = system::cache()?.join(format!("s3s-fs-{VERSION}"));
    if root.join("bin").join(format!("s3s-fs{}", std::env::consts::EXE_SUFFIX)).is_file() {
        return Ok(());
    }
    println!("Installing the object store of the tests into {} (a few minutes)", root.display());
    let build = root.join("build");
    let mut install = process::cargo(&["install", "--debug", "--locked", "s3s-fs", "--features", "binary"]);
    install.args(["--version", VERSION, "--root"]).arg(&root).env("CARGO_TARGET_DIR", &build);
    process::run(&mut install)?;
    fs::remove_dir_all(build)?;
    Ok(())
}
