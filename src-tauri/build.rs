//! Compiles the Tauri context. Capabilities and permissions live beside the Rust sources, not at the repository root;
//! because permissions are declared, a command that no capability names cannot be called.

use tauri_build::{AppManifest, Attributes};

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    let attributes = Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().permissions_path_pattern("src-tauri/permissions/**/*"));
    tauri_build::try_build(attributes)
        .expect("the Tauri configuration is valid and ui/dist exists (cargo xtask setup builds it)");
}
