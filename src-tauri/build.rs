//! Compiles the Tauri context; capabilities live beside the Rust sources, not at the repository root.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    tauri_build::try_build(
        tauri_build::Attributes::new().capabilities_path_pattern("src-tauri/capabilities/**/*"),
    )
    .expect("the Tauri configuration is valid and ui/dist exists (cargo xtask builds it)");
}
