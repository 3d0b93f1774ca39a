//! One test per row of the contract's tables, so that the runner counts and names them.

/// `name => "row", arguments…;` becomes a test that awaits `check("row", arguments…)`.
macro_rules! rows {
    ($check:path; $($name:ident => $row:literal $(, $argument:expr)*;)+) => { $(
        #[tokio::test]
        async fn $name() {
            $check($row $(, $argument)*).await;
        }
    )+ };
}
pub(crate) use rows;
