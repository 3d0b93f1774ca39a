//! The backend from outside: its store on both databases, its HTTP, and replicas that are killed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod callbacks;
mod command_line;
mod common;
mod flows;
mod handovers;
mod identity;
mod kiosks;
mod openapi;
mod replicas;
mod store;
mod tokens;

/// Runs a test once on each database.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::common::Database::sqlite()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(database) = crate::common::Database::postgres().await {
                    super::$name(database).await;
                }
            })*
        }
    };
}
pub(crate) use on_both;
