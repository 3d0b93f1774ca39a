//! What is counted, for Prometheus.
//!
//! Invariant: labels come from closed lists; no id, no address and no value of a person is a label.

use std::fmt::Write as _;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::store::Applied;

/// Where a request went and what came of it.
#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route's pattern, not its path.
    pub route: String,
    /// HTTP status.
    pub status: u16,
}

/// Which route.
#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
pub struct RouteLabels {
    /// The route's pattern.
    pub route: String,
}

/// Where a hint came from, and what became of it.
#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
pub struct HintLabels {
    /// `callback`, `webhook` or `kiosk`.
    pub source: &'static str,
    /// `kept`, `duplicate` or `refused`.
    pub outcome: &'static str,
}

/// What came of something.
#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
pub struct OutcomeLabels {
    /// A word of a closed list.
    pub outcome: &'static str,
}

/// All counters of this process.
pub struct Metrics {
    registry: Registry,
    /// Requests answered.
    pub requests: Family<RequestLabels, Counter>,
    /// How long they took; waiting for results is not counted.
    pub seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    /// Hints received.
    pub hints: Family<HintLabels, Counter>,
    /// Looks at the platform.
    pub looks: Family<OutcomeLabels, Counter>,
    /// What looks found.
    pub findings: Family<OutcomeLabels, Counter>,
    /// Kiosks that wait for results now.
    pub waiting: Gauge,
    /// Subjects overdue.
    pub overdue: Gauge,
    /// Partner tokens minted.
    pub tokens_minted: Gauge,
}

fn seconds() -> Histogram {
    Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("loket_backend");
        let requests = Family::default();
        let seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        let (hints, looks, findings) = (Family::default(), Family::default(), Family::default());
        let (waiting, overdue, tokens_minted) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("request_seconds", "How long requests took", seconds.clone());
        registry.register("hints", "Callbacks, webhooks and kiosks' reports", hints.clone());
        registry.register("looks", "Looks at the platforms", looks.clone());
        registry.register("findings", "What looks found", findings.clone());
        registry.register("waiting_kiosks", "Kiosks that wait for results", waiting.clone());
        registry.register("overdue_subjects", "Subjects that are due to be looked at", overdue.clone());
        registry.register("partner_tokens_minted", "Partner tokens minted", tokens_minted.clone());
        Self { registry, requests, seconds, hints, looks, findings, waiting, overdue, tokens_minted }
    }
}

impl Metrics {
    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            // Writing to a string does not fail; an empty page would be taken for a healthy one.
            _ = write!(text, "# incomplete");
        }
        text
    }

    /// Counts a hint.
    pub fn hint(&self, source: &'static str, outcome: &'static str) {
        self.hints.get_or_create(&HintLabels { source, outcome }).inc();
    }

    /// Counts what a look came to.
    pub fn look(&self, outcome: &'static str) {
        self.looks.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Counts what a finding changed.
    pub fn finding(&self, applied: Applied) {
        let outcome = match applied {
            Applied::News { .. } => "news",
            Applied::Quiet => "quiet",
            Applied::Known => "known",
            Applied::Contradiction => "contradiction",
            Applied::Foreign => "foreign",
        };
        self.findings.get_or_create(&OutcomeLabels { outcome }).inc();
    }
}
