//! The numbers synchronising works by.

use std::time::Duration;

/// Numbers and where they come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SyncParams {
    /// Longest first wait; doubles with every failure. Two seconds outlast a Wi-Fi hand-over.
    pub base_delay: Duration,
    /// Longest wait. A counter that comes back online in the morning is served within this.
    pub max_delay: Duration,
    /// After so many failures in a row, an item that fails while others pass is parked. With the
    /// delays above, eight failures take some minutes.
    pub wedge_after: u32,
    /// After so many failures in a row, whichever items they hit, the partner counts as down and
    /// the pass ends.
    pub outage_after: u32,
    /// How long a request whose answer was lost may still take effect at the partner. Gateways
    /// commonly give up on their backends after 30 s.
    pub settle: Duration,
    /// How long an item is held; more than the longest send with everything around it.
    pub lease_for: Duration,
    /// How often `watch` looks for items that another process accepted.
    pub poll: Duration,
}

impl Default for SyncParams {
    fn default() -> Self {
        Self {
            base_delay: Duration::from_secs(2),
            max_delay: Duration::from_secs(10 * 60),
            wedge_after: 8,
            outage_after: 3,
            settle: Duration::from_secs(35),
            lease_for: Duration::from_secs(5 * 60),
            poll: Duration::from_secs(15),
        }
    }
}
