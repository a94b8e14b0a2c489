//! Metrics in the Prometheus format. Labels have few values: routes by their pattern, never a name
//! that a client chose.

use std::sync::LazyLock;
use std::time::Duration;

use prometheus::{
    Encoder as _, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry, TextEncoder,
};
use serde::Deserialize;

use crate::api::state::AppState;
use crate::cache::Source;

/// Seconds: from a cached answer to the longest check.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];
/// Percent.
const SCORES: &[f64] = &[10.0, 25.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 99.0, 100.0];

/// All metrics of this process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: IntGauge,
    checks: IntCounterVec,
    check_seconds: Histogram,
    findings: IntCounterVec,
    cache: IntCounterVec,
    scores: Histogram,
    buildings: IntCounter,
    /// Logins that were refused, by why.
    pub login_failures: IntCounterVec,
    /// Refusals of a caller beyond those that the audit log has lines for.
    pub refusals_unwritten: IntCounter,
    /// Requests that were refused because there were too many, by whose.
    pub rate_limited: IntCounterVec,
    /// Live connections now.
    pub live_connections: IntGauge,
    /// Live connections that ended, by close code.
    pub live_disconnects: IntCounterVec,
    /// Live connections that came back, by whether nothing was missed.
    pub live_recoveries: IntCounterVec,
    /// Messages sent to live connections.
    pub live_messages: IntCounter,
    /// Edits that were applied, by whether the engine took them.
    pub live_edits: IntCounterVec,
    /// From an edit to its findings on their way.
    pub live_edit_seconds: Histogram,
    /// What looks at the files of modules came to, by outcome.
    pub module_reloads: IntCounterVec,
    service_up: IntGaugeVec,
    store_connections: IntGaugeVec,
    cache_bytes: IntGauge,
    cache_entries: IntGauge,
    ruleset: IntGaugeVec,
}

/// Of all checks of this process: they know no server.
static MODULES: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let options = Opts::new(
        "plancheck_module_answers_total",
        "Questions put to modules, by module and outcome: pass, fail (with failing elements), \
         error, timeout, oom.",
    );
    IntCounterVec::new(options, &["module", "outcome"]).unwrap_or_else(|error| {
        // A name that Prometheus does not take: a fault that the first check shows.
        tracing::error!(%error, "metrics cannot be made");
        std::process::abort();
    })
});

/// A module answered a question, or not.
pub fn module_answered(module: &str, outcome: &str) {
    MODULES.with_label_values(&[module, outcome]).inc();
}

/// Of a report, what is counted.
#[derive(Debug, Deserialize)]
pub struct Counted {
    summary: Summary,
    #[serde(default)]
    findings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
struct Summary {
    score: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Finding {
    #[serde(default)]
    severity: String,
    #[serde(default)]
    verdict: String,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new().unwrap_or_else(|error| {
            // Two metrics of one name: a fault that the first start shows.
            tracing::error!(%error, "metrics cannot be registered");
            std::process::abort();
        })
    }
}

impl Metrics {
    fn new() -> prometheus::Result<Metrics> {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, labels: &[&str]| {
            let counters = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counters.clone()))?;
            prometheus::Result::Ok(counters)
        };
        let counter = |name: &str, help: &str| {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            prometheus::Result::Ok(counter)
        };
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            let gauges = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(gauges.clone()))?;
            prometheus::Result::Ok(gauges)
        };
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            prometheus::Result::Ok(gauge)
        };
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
            let histogram = Histogram::with_opts(options)?;
            registry.register(Box::new(histogram.clone()))?;
            prometheus::Result::Ok(histogram)
        };
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "plancheck_http_request_duration_seconds",
                "Time from a request's head to its answer's head.",
            )
            .buckets(SECONDS.to_vec()),
            &["method", "route"],
        )?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(MODULES.clone()))?;
        // Memory, processor time, open files of this process.
        #[cfg(target_os = "linux")]
        registry.register(Box::new(
            prometheus::process_collector::ProcessCollector::for_self(),
        ))?;
        gauges(
            "plancheck_build_info",
            "The version that runs; always 1.",
            &["version"],
        )?
        .with_label_values(&[env!("CARGO_PKG_VERSION")])
        .set(1);
        let metrics = Metrics {
            requests: counters(
                "plancheck_http_requests_total",
                "Requests answered, by method, route and status.",
                &["method", "route", "status"],
            )?,
            durations,
            in_flight: gauge(
                "plancheck_http_work_in_flight",
                "Models that are being received or checked.",
            )?,
            checks: counters(
                "plancheck_checks_total",
                "Checks of models, by outcome.",
                &["outcome"],
            )?,
            check_seconds: histogram(
                "plancheck_check_duration_seconds",
                "Time of one check, without waiting for its turn.",
                SECONDS,
            )?,
            findings: counters(
                "plancheck_findings_total",
                "Findings of checks that were made, by severity and verdict.",
                &["severity", "verdict"],
            )?,
            cache: counters(
                "plancheck_report_cache_requests_total",
                "Reports asked for, by where they came from.",
                &["result"],
            )?,
            scores: histogram(
                "plancheck_report_score_percent",
                "Scores of reports that were made: passed of passed and failed.",
                SCORES,
            )?,
            buildings: counter(
                "plancheck_buildings_checked_total",
                "Reports that were kept for buildings.",
            )?,
            login_failures: counters(
                "plancheck_login_failures_total",
                "Logins that were refused, by reason: credentials, throttled.",
                &["reason"],
            )?,
            refusals_unwritten: counter(
                "plancheck_audit_refusals_unwritten_total",
                "Refused requests of one caller, beyond ten a minute in the audit log.",
            )?,
            rate_limited: counters(
                "plancheck_rate_limited_total",
                "Requests refused because there were too many, by what was counted.",
                &["scope"],
            )?,
            live_connections: gauge("plancheck_live_connections", "Live connections now.")?,
            live_disconnects: counters(
                "plancheck_live_disconnects_total",
                "Live connections that ended, by close code.",
                &["code"],
            )?,
            live_recoveries: counters(
                "plancheck_live_recoveries_total",
                "Live connections that came back, by whether nothing was missed.",
                &["recovered"],
            )?,
            live_messages: counter(
                "plancheck_live_messages_total",
                "Messages sent to live connections.",
            )?,
            live_edits: counters(
                "plancheck_live_edits_total",
                "Edits of models, by outcome: applied, refused.",
                &["outcome"],
            )?,
            live_edit_seconds: histogram(
                "plancheck_live_edit_duration_seconds",
                "Time to check an edit again.",
                SECONDS,
            )?,
            module_reloads: counters(
                "plancheck_module_reloads_total",
                "Files of modules that changed while the server ran, by outcome: loaded, refused, removed; \
                 unreadable: a folder or file could not be looked at.",
                &["outcome"],
            )?,
            service_up: gauges(
                "plancheck_service_up",
                "Whether a service that the host uses answers: store, redis.",
                &["service"],
            )?,
            store_connections: gauges(
                "plancheck_store_connections",
                "Connections to the database, by state: open, idle.",
                &["state"],
            )?,
            cache_bytes: gauge(
                "plancheck_report_cache_bytes",
                "Bytes of reports kept in this process.",
            )?,
            cache_entries: gauge(
                "plancheck_report_cache_entries",
                "Reports kept in this process.",
            )?,
            ruleset: gauges(
                "plancheck_module_info",
                "The modules that are loaded, by id, version, digest and whether they can be used.",
                &["module", "version", "digest", "status"],
            )?,
            registry,
        };
        metrics.begin();
        Ok(metrics)
    }

    /// Counters that were never counted begin at nought: the first event is an increase then.
    fn begin(&self) {
        let known: [(&IntCounterVec, &[&str]); 8] = [
            (
                &self.checks,
                &[
                    "done",
                    "bad-input",
                    "timeout",
                    "too-large",
                    "cancelled",
                    "error",
                ],
            ),
            (&self.cache, &["hit-local", "hit-shared", "miss", "bypass"]),
            (&self.login_failures, &["credentials", "throttled"]),
            (&self.rate_limited, &["address", "caller"]),
            (&self.live_edits, &["applied", "refused"]),
            (
                &self.module_reloads,
                &["loaded", "refused", "removed", "unreadable"],
            ),
            (&self.live_recoveries, &["true", "false"]),
            (&self.live_disconnects, crate::sync::close::ALL),
        ];
        for (counter, values) in known {
            for value in values {
                counter.with_label_values(&[*value]).inc_by(0);
            }
        }
    }

    /// A request was answered.
    pub fn answered(&self, method: &str, route: &str, status: &str, took: Duration) {
        // Clients may write any word there.
        let method = match method {
            "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
            _ => "other",
        };
        self.requests
            .with_label_values(&[method, route, status])
            .inc();
        self.durations
            .with_label_values(&[method, route])
            .observe(took.as_secs_f64());
    }

    /// A report was asked for.
    pub fn report(&self, source: Source) {
        self.cache.with_label_values(&[source.name()]).inc();
    }

    /// A check ended; its report is counted.
    pub fn checked(&self, outcome: &str, took: Duration, report: Option<&Counted>) {
        self.checks.with_label_values(&[outcome]).inc();
        self.check_seconds.observe(took.as_secs_f64());
        let Some(report) = report else { return };
        if let Some(score) = report.summary.score {
            self.scores.observe(score);
        }
        for finding in &report.findings {
            let labels = [finding.severity.as_str(), finding.verdict.as_str()];
            self.findings.with_label_values(&labels).inc();
        }
    }

    /// A report was kept for a building.
    pub fn kept(&self) {
        self.buildings.inc();
    }

    /// Everything as text for Prometheus, with what is true now.
    pub async fn text(&self, state: &AppState) -> String {
        self.look(state).await;
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            tracing::error!(%error, "metrics cannot be written");
        }
        String::from_utf8(text).unwrap_or_default()
    }

    /// Everything as JSON: name, labels, value.
    pub async fn json(&self, state: &AppState) -> serde_json::Value {
        self.look(state).await;
        let families = self.registry.gather();
        let families = families.iter().map(|family| {
            let samples: Vec<_> = family.get_metric().iter().map(sample).collect();
            serde_json::json!({
                "name": family.name(), "help": family.help(), "samples": samples,
            })
        });
        serde_json::json!({ "metrics": families.collect::<Vec<_>>() })
    }

    async fn look(&self, state: &AppState) {
        self.in_flight.set(state.in_flight() as i64);
        let services = state.services();
        let up = |service: &str, up: bool| {
            self.service_up
                .with_label_values(&[service])
                .set(i64::from(up));
        };
        up("store", services.store.health().is_up());
        if let Some(redis) = services.reports.redis() {
            up("redis", redis.is_up());
        }
        let (open, idle) = services.store.connections();
        self.store_connections
            .with_label_values(&["open"])
            .set(i64::from(open));
        self.store_connections
            .with_label_values(&["idle"])
            .set(idle as i64);
        let (entries, bytes) = services.reports.size();
        self.cache_entries.set(entries as i64);
        self.cache_bytes.set(bytes as i64);
        if let Some(loaded) = state.loaded() {
            self.ruleset.reset();
            for entry in &loaded.catalogue.entries {
                let (version, digest, status) = match &entry.state {
                    Ok(ready) => {
                        let digest = blake3::Hash::from_bytes(ready.digest()).to_hex();
                        (
                            ready.manifest.module.version.as_str(),
                            digest[..16].to_owned(),
                            "ready",
                        )
                    }
                    Err(_) => ("", String::new(), "unavailable"),
                };
                let labels = [entry.name.as_str(), version, digest.as_str(), status];
                self.ruleset.with_label_values(&labels).set(1);
            }
        }
    }
}

fn sample(metric: &prometheus::proto::Metric) -> serde_json::Value {
    let labels = metric.get_label().iter();
    let labels: serde_json::Map<String, serde_json::Value> = labels
        .map(|pair| (pair.name().to_owned(), pair.value().into()))
        .collect();
    let histogram = metric.get_histogram();
    if histogram.get_sample_count() > 0 || !histogram.get_bucket().is_empty() {
        return serde_json::json!({
            "labels": labels,
            "count": histogram.get_sample_count(),
            "sum": histogram.get_sample_sum(),
        });
    }
    // A metric is one of the two; the other one is nought.
    let value = metric.get_counter().get_value() + metric.get_gauge().get_value();
    serde_json::json!({ "labels": labels, "value": value })
}
